"""The stops of the tour, in the order in which they are shown; names in braces in paths are given by the moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.clock import HANOI

WIDE, NARROW = 1280, 390
LANGUAGES = ("vi", "en")

OFFICER, DOOR = "canbo@sct.example", "cua1@hoicho.example"
FIRM, BANK = "chu@cokhi01.example", "tindung@nganhang04.example"
SUPPLIER = "sales@beispiel-wzm.example"


class Moment(Enum):
    """When a picture is taken; what has happened by then is told in moments.py."""

    PREPARING = datetime(2026, 11, 24, 10, 0, tzinfo=HANOI)
    INVITED = datetime(2026, 11, 25, 9, 0, tzinfo=HANOI)
    REMINDED = datetime(2026, 11, 30, 9, 0, tzinfo=HANOI)
    DAY = datetime(2026, 12, 1, 9, 10, tzinfo=HANOI)
    REPLANNED = datetime(2026, 12, 1, 9, 20, tzinfo=HANOI)
    AFTERWARDS = datetime(2026, 12, 2, 16, 30, tzinfo=HANOI)
    MONTHS_LATER = datetime(2027, 3, 29, 9, 0, tzinfo=HANOI)


FILLED = datetime(2026, 11, 24, 9, 0, tzinfo=HANOI)


@dataclass(frozen=True)
class Stop:
    """A page in pictures: `who` (an address of the demo, "" for a visitor) opens `path` at that moment."""

    name: str
    en: str
    vi: str
    who: str
    path: str
    widths: tuple[int, ...] = (WIDE,)
    moment: Moment = Moment.PREPARING

    def picture(self, language: str, width: int) -> str:
        """The file of one picture of it."""
        return f"{self.name}-{language}-{width}.png"

    def pictures(self) -> Iterator[tuple[str, int, str]]:
        """(language, width, file) of all pictures of it."""
        for language in LANGUAGES:
            for width in self.widths:
                yield language, width, self.picture(language, width)


@dataclass(frozen=True)
class Section:
    """Stops under a heading."""

    en: str
    vi: str
    stops: tuple[Stop, ...]


BOTH, PHONE = (WIDE, NARROW), (NARROW,)
CONFERENCE, MINE = "/conferences/{conference}", "/conferences/{conference}/participants/{firm}"

EVERYBODY = (
    Stop("home", "Home", "Trang chủ", "", "/", BOTH),
    Stop(
        "directory",
        "Directory: search with or without marks, narrowed by what the list itself holds",
        "Danh bạ: tìm có dấu hoặc không dấu, thu hẹp theo chính các đơn vị trong danh sách",
        "", "/organisations", BOTH,
    ),
    Stop(
        "communes",
        "Recognised firms and products by commune",
        "Doanh nghiệp, sản phẩm được công nhận theo xã, phường",
        "", "/organisations/communes",
    ),
    Stop(
        "product", "A recognised product and its maker", "Sản phẩm được công nhận và nhà sản xuất",
        "", "/products/{product}", BOTH,
    ),
    Stop(
        "open-data",
        "Recognised products as open data, for other systems to take",
        "Dữ liệu mở về sản phẩm được công nhận, cho các hệ thống khác",
        "", "/open-data/",
    ),
)  # fmt: skip

OF_A_FIRM = (
    Stop(
        "profile", "The profile, filled in step by step", "Hồ sơ, điền dần từng bước",
        FIRM, "/organisations/{organisation}/edit", BOTH,
    ),
    Stop(
        "preview", "How each kind of reader sees it", "Từng đối tượng xem thấy gì",
        FIRM, "/organisations/{organisation}/preview",
    ),
    Stop(
        "suggestions",
        "Whom to meet, with reasons; the firm decides",
        "Nên gặp ai, kèm lý do; doanh nghiệp quyết định",
        FIRM, MINE + "/suggestions", BOTH,
    ),
    Stop(
        "schedule",
        "Its timetable: each meeting is confirmed or declined",
        "Lịch gặp: xác nhận hoặc từ chối từng cuộc",
        FIRM, MINE + "/schedule", BOTH,
    ),
    Stop(
        "situation",
        "What it tells the Department, and what the Department answers",
        "Tình hình, kiến nghị gửi Sở và trả lời của Sở",
        FIRM, "/situation", BOTH,
    ),
    Stop(
        "consents",
        "Consents, one by one, withdrawn as easily as given",
        "Sự đồng ý cho từng mục đích, rút lại dễ như khi đồng ý",
        FIRM, "/account/consents", BOTH,
    ),
)  # fmt: skip

OF_A_PARTNER = (
    Stop(
        "matches",
        "A supplier browses the firms matched with it",
        "Nhà cung cấp xem các doanh nghiệp phù hợp",
        SUPPLIER, "/organisations/matches", BOTH,
    ),
    Stop(
        "wishes",
        "A bank sees whom it wished to meet, and who wishes to meet it",
        "Ngân hàng xem mình muốn gặp ai và ai muốn gặp mình",
        BANK, "/conferences/{conference}/participants/{bank}/wishes",
    ),
)  # fmt: skip

OF_AN_OFFICER = (
    Stop("desk", "What needs the officer now", "Việc cần xử lý ngay", OFFICER, "/desk"),
    Stop(
        "import",
        "Import of a list as it came: what each column is",
        "Nhập danh sách có sẵn: mỗi cột là gì",
        OFFICER, "/organisations/import/{import}/columns",
    ),
    Stop(
        "bulk-invitation",
        "Many organisations invited at once: who is asked, who is not and why",
        "Mời nhiều đơn vị cùng lúc: mời ai, không mời ai, vì sao",
        OFFICER, "/join/invitations/lists/{invitations}",
    ),
    Stop(
        "paper-consent",
        "A consent or a request that came on paper",
        "Nhập sự đồng ý, yêu cầu nhận bằng giấy",
        OFFICER, "/admin/data-requests/receive",
    ),
)  # fmt: skip

PREPARATION = (
    Stop(
        "set-up",
        "A conference is set up from a line of the yearly plan",
        "Lập hội nghị từ một nhiệm vụ của kế hoạch năm",
        OFFICER, "/conferences/new?plan=I.1",
    ),
    Stop(
        "overview",
        "A conference: what is still missing, and the steps to a published timetable",
        "Hội nghị: còn thiếu gì, các bước đến khi công bố lịch",
        OFFICER, CONFERENCE,
    ),
    Stop(
        "candidates",
        "Choosing firms by stated criteria; a person decides and says why",
        "Lựa chọn doanh nghiệp theo tiêu chí công khai; cán bộ quyết định, ghi lý do",
        OFFICER, "/conferences/{next}/candidates",
    ),
    Stop(
        "invitation",
        "The invitation, opened by the link of the mail, without an account",
        "Giấy mời mở từ đường dẫn trong thư, không cần tài khoản",
        "", "/invitations/{invitation}", PHONE, Moment.INVITED,
    ),
    Stop(
        "reminders",
        "Reminders sent and to be sent, to those who have not answered",
        "Nhắc việc đã gửi và sẽ gửi tới những đơn vị chưa trả lời",
        OFFICER, "/conferences/{next}/reminders", moment=Moment.REMINDED,
    ),
    Stop(
        "hall", "Room, tables and interpreters", "Phòng, bàn và phiên dịch", OFFICER, CONFERENCE + "/hall",
    ),
    Stop(
        "board",
        "The timetable as a board; moves by hand are judged by the same rules",
        "Bảng lịch gặp; điều chỉnh bằng tay cũng theo đúng các quy tắc",
        OFFICER, CONFERENCE + "/timetables/{published}",
    ),
    Stop(
        "what-helps",
        "What helps: one more table, time or interpreter, and what it would bring",
        "Cách xếp được nhiều hơn: thêm một bàn, một khung giờ hay phiên dịch thì được gì",
        OFFICER, "/conferences/{earlier}/what-helps",
    ),
    Stop(
        "comparison",
        "A draft compared with the published timetable",
        "So sánh bản nháp với lịch đã công bố",
        OFFICER, CONFERENCE + "/timetables/{draft}/changes", moment=Moment.REMINDED,
    ),
    Stop(
        "print",
        "To print: the sheet of a participant",
        "Bản in: lịch của một đơn vị tham dự",
        OFFICER, MINE + "/schedule.pdf",
    ),
    Stop(
        "past",
        "Meetings of earlier years are taken over from a list: who has met before counts",
        "Lấy danh sách gặp gỡ các năm trước: ai đã gặp nhau cũng được tính đến",
        OFFICER, "/conferences/past/{past}",
    ),
)  # fmt: skip

THE_DAY = (
    Stop(
        "door",
        "The door, on a phone; it works on without a connection",
        "Cửa đón khách trên điện thoại; mất mạng vẫn dùng được",
        DOOR, CONFERENCE + "/door", BOTH, Moment.DAY,
    ),
    Stop(
        "walk-in",
        "Somebody comes unannounced: searched for, admitted, with a badge at once",
        "Khách đến chưa đăng ký: tìm, tiếp nhận, có thẻ ngay",
        DOOR, CONFERENCE + "/walk-in", PHONE, Moment.DAY,
    ),
    Stop(
        "walked-in",
        "Admitted: the badge to print, and what happens next",
        "Đã tiếp nhận: in thẻ và việc tiếp theo",
        DOOR, CONFERENCE + "/walk-ins/{walk_in}", PHONE, Moment.DAY,
    ),
    Stop(
        "now",
        "The hall now: which meetings are held, who is missing at which table",
        "Hội trường lúc này: cuộc nào đang gặp, bàn nào còn thiếu ai",
        OFFICER, CONFERENCE + "/now", BOTH, Moment.DAY,
    ),
    Stop(
        "standby",
        "The standby list: a freed time goes to two who are there, with one click",
        "Danh sách chờ: khung giờ trống dành cho hai bên đang có mặt, một lần bấm",
        OFFICER, CONFERENCE + "/standby", moment=Moment.DAY,
    ),
    Stop(
        "day",
        "The day: who is missing, what went wrong, the rest planned anew",
        "Trong ngày: ai chưa đến, sự cố gì, xếp lại phần còn lại",
        OFFICER, CONFERENCE + "/day", BOTH, Moment.DAY,
    ),
    Stop(
        "changes",
        "A new plan: what changes, and who has to be told",
        "Lịch mới: thay đổi gì, cần báo cho ai",
        OFFICER, CONFERENCE + "/timetables/{draft}/changes", moment=Moment.REPLANNED,
    ),
    Stop(
        "screen", "The screen in the hall", "Màn hình hội trường", DOOR, CONFERENCE + "/screen", moment=Moment.DAY,
    ),
)  # fmt: skip

AFTER = (
    Stop(
        "held",
        "The day after: was it held, was it useful; two taps on a phone",
        "Ngay sau hội nghị: có gặp không, có hữu ích không; hai lần chạm trên điện thoại",
        FIRM, MINE + "/outcomes", PHONE, Moment.AFTERWARDS,
    ),
    Stop(
        "outcomes",
        "What came of each meeting, in two taps",
        "Kết quả từng cuộc gặp, hai lần chạm",
        FIRM, "/conferences/{earlier}/participants/{firm_earlier}/outcomes", BOTH,
    ),
    Stop(
        "asked",
        "The question after six months, answered from the mail",
        "Câu hỏi sau sáu tháng, trả lời ngay từ thư",
        "", "/asked/{asked}", PHONE, Moment.MONTHS_LATER,
    ),
    Stop(
        "report",
        "The report; the draft for the City is a Word file",
        "Báo cáo; dự thảo gửi Thành phố là tệp Word",
        OFFICER, "/conferences/{earlier}/report",
    ),
    Stop(
        "learning",
        "What the ranking has learnt from answers, and what counts",
        "Hệ thống gợi ý học được gì từ câu trả lời, đang áp dụng trọng số nào",
        OFFICER, "/conferences/learning",
    ),
    Stop(
        "year", "The year in a picture", "Bức tranh cả năm", OFFICER, "/conferences/year",
    ),
)  # fmt: skip

DELEGATION = (
    Stop(
        "delegation",
        "A delegation: hosts, when they receive, and what members wish",
        "Đoàn công tác: đơn vị tiếp đón, giờ tiếp và nguyện vọng thành viên",
        OFFICER, "/events/{delegation}/delegation/overview",
    ),
    Stop(
        "programme",
        "The programme of visits, group by group",
        "Chương trình thăm, làm việc của từng nhóm",
        OFFICER, "/events/{delegation}/delegation/programme",
    ),
    Stop(
        "member",
        "The page of a member: wishes, programme, calendar",
        "Trang của thành viên: nguyện vọng, chương trình, lịch",
        FIRM, "/events/{delegation}/delegation/members/{member}", PHONE,
    ),
    Stop(
        "delegation-report",
        "The report of a delegation that is over",
        "Báo cáo của đoàn đã kết thúc",
        OFFICER, "/events/{delegation_over}/delegation/report",
    ),
)  # fmt: skip

SECTIONS = (
    Section("For everybody", "Dành cho mọi người", EVERYBODY),
    Section("A firm", "Doanh nghiệp", OF_A_FIRM),
    Section("A partner", "Đối tác", OF_A_PARTNER),
    Section("An officer", "Cán bộ Sở", OF_AN_OFFICER),
    Section("A conference is prepared", "Chuẩn bị hội nghị", PREPARATION),
    Section("The day", "Trong ngày", THE_DAY),
    Section("Afterwards", "Sau hội nghị", AFTER),
    Section("A delegation", "Đoàn công tác", DELEGATION),
)
STOPS = tuple(stop for section in SECTIONS for stop in section.stops)
