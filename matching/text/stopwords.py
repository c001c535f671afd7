"""Words that carry no subject, and spellings that are one word: Vietnamese and English."""

from __future__ import annotations

from vietnamese import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VIETNAMESE = _words(
    """
    và hoặc hay là của các những một cho với trong ngoài trên dưới từ đến để được bị do bởi tại theo về như khi này
    đó kia nào thì mà cũng đã đang sẽ có không chưa rất nhiều ít hơn nhất cùng cả mọi mỗi bằng vào ra lên xuống lại
    đây đấy ấy nên vì nếu tuy nhưng còn chỉ vẫn phải cần muốn mong tìm tôi chúng ta họ nó ai gì sao bao nhiêu thế
    rằng qua sau trước giữa khác loại việc sự cái chiếc con bộ thuộc gồm dùng làm
    """
)
ENGLISH = _words(
    """
    a an the and or but if of in on at to for from by with without into onto over under as is are was were be been
    being am do does did done have has had having it its this that these those there here he she they them their his
    her our we us you your i my me not no nor so than then too very can could will would shall should may might must
    which who whom whose what when where why how all any both each few more most other some such only own same just
    about above after again against because before below between down during further once out through until up while
    also per via etc e.g i.e whether thereof therefor like similar used use using kind kinds
    """
)
VIETNAMESE_FOLDED = frozenset(fold(word) for word in VIETNAMESE)

# Short forms that every officer writes; folded, so that they are found with and without marks.
ABBREVIATIONS = {
    "dn": "doanh nghiệp", "dnnvv": "doanh nghiệp nhỏ và vừa", "sxkd": "sản xuất kinh doanh",
    "khcn": "khoa học công nghệ", "cnht": "công nghiệp hỗ trợ", "kcn": "khu công nghiệp",
    "ccn": "cụm công nghiệp", "cds": "chuyển đổi số", "cncl": "công nghiệp chủ lực", "xnk": "xuất nhập khẩu",
    "vlxd": "vật liệu xây dựng", "tbd": "thiết bị điện", "cntt": "công nghệ thông tin", "tdh": "tự động hóa",
    "nckh": "nghiên cứu khoa học", "attp": "an toàn thực phẩm", "vsattp": "vệ sinh an toàn thực phẩm",
    "ncc": "nhà cung cấp", "nvl": "nguyên vật liệu", "hdv": "hợp đồng vay", "sp": "sản phẩm",
    "cgcn": "chuyển giao công nghệ", "tskt": "thông số kỹ thuật", "pccc": "phòng cháy chữa cháy",
    "nlmt": "năng lượng mặt trời", "knk": "khí nhà kính", "tmdt": "thương mại điện tử", "vld": "vốn lưu động",
}  # fmt: skip

# One spelling for what British, American and hurried writers spell in several ways; applied before stemming.
SPELLINGS = {
    "centre": "center", "centres": "centers", "fibre": "fiber", "fibres": "fibers", "metre": "meter",
    "mould": "mold", "moulds": "molds", "moulding": "molding", "moulded": "molded", "mouldings": "moldings",
    "aluminium": "aluminum", "colour": "color", "colours": "colors", "coloured": "colored", "tyre": "tire",
    "tyres": "tires", "grey": "gray", "programme": "program", "programmes": "programs", "labour": "labor",
    "sulphur": "sulfur", "sulphuric": "sulfuric", "catalogue": "catalog", "vulcanised": "vulcanized",
    "galvanised": "galvanized", "organisation": "organization", "automatisation": "automation",
    "machinery": "machine", "machineries": "machine", "plough": "plow", "jewellery": "jewelry",
    "cheque": "check", "analyse": "analyze", "analyser": "analyzer", "draught": "draft", "gauge": "gage",
    "gauges": "gages", "woollen": "woolen", "yoghurt": "yogurt", "litre": "liter", "litres": "liters",
    "odour": "odor", "flavour": "flavor", "flavours": "flavors", "vapour": "vapor", "armour": "armor",
    "harbour": "harbor", "neighbour": "neighbor", "behaviour": "behavior", "defence": "defense",
    "licence": "license", "travelling": "traveling", "modelling": "modeling", "fuelled": "fueled",
    "plastics": "plastic", "electronics": "electronic", "optics": "optic", "ceramics": "ceramic",
}  # fmt: skip
