"""Columns of text by table. A new one makes a test fail until it is sorted in: public, planted, or without words."""

from __future__ import annotations

PUBLIC = {
    "organisation": "tax_code country foreign_id name_vi name_en name_original short_name_vi short_name_en "
    "original_language vsic_version vsic province commune zone address old_address website markets languages "
    "intro_vi intro_en intro_original group_name",
    "product": "name_vi name_en name_original original_language description_vi description_en description_original "
    "hs capacity",
    "certificate": "name issuer",
    "photo": "alt_vi alt_en",
    "award": "winner_name product_vi product_en decision note source",
    "event": "title_vi title_en summary_vi summary_en place_vi place_en address open_to plan_code "
    "cancelled_reason_vi cancelled_reason_en",
    "conference": "partner_kinds criteria_vi criteria_en",
    "conference_room": "name",
    "delegation": "destination_vi destination_en",
    "visit_host": "address",
    "news_item": "title_vi title_en body_vi body_en source_url",
    "situation_round": "title_vi title_en",
}
PLANTED = {
    "organisation": "email phone source",
    "need_offer": "text_vi text_en text_original tags",
    "user": "name email phone",
    "data_case": "words answer extension_reason outcome",
    "registration": "note",
    "candidate": "reason",
    "saved_search": "name",
    "past_list": "name",
    "past_meeting": "title",
    "visitor": "note",
    "confirmation": "reason",
    "delegate": "name function",
    "certificate": "number",
    "profile_change": "label old new",
    "yearly_figures": "source",
    "support_received": "note",
    "contact_request": "name email firm purpose reason",
    "import_run": "name source layout preview",
    "timetable_version": "note",
    "mail": "subject body recipient",
    "suggestion": "reasons",
    "situation_answer": "difficulty_text request_text",
    "meeting_report": "note",
    "outcome": "note",
    "situation_case": "text reply outcome",
    "introduction": "name product address email note reason",
    "invitation": "email name",
    "join_request": "email name position organisation_name foreign_id reason",
    "incident": "title words measures",
    "receipt": "reference",
}
NO_WORDS = {  # keys, codes, hashes, and what is computed from the columns above
    "profile_change": "subject field", "download": "listing arguments",
    "invitation": "language", "join_request": "language tax_code country",
    "attention_mark": "key", "recognised_list": "digest",
    "audit_line": "actor on_behalf_of act subject detail", "audit_seal": "digest",
    "directory_stamp": "mark", "organisation_merge": "moved", "contact_request": "language",
    "arrival": "key", "trouble": "undo",
    "failed_sign_in": "account_hash place_hash", "job_run": "name period_key holder result", "lease": "name holder",
    "mail": "kind dedupe_key message_id html language locked_by last_error",
    "introduction": "search_key sort_key tax_code commune phone",
    "situation_answer": "difficulties", "outcome": "currency",
    "news_item": "search_key sort_key",
    "organisation": "search_key sort_key", "user": "password_hash language search_key sort_key",
    "event": "search_key sort_key", "mail_attachment": "name media_type", "product": "search_key sort_key",
    "need_offer": "original_language currency details", "sign_in": "key_hash device device_hash acting_for",
    "award": "search_key sort_key",
    "stored_file": "key name media_type sha256", "import_run": "counts sha256",
    "api_token": "key_hash start name scopes", "api_receipt": "key request_hash answer",
    "import_column": "source_key sheet heading_key column",
    "task": "kind key arguments stage result error reference holder language",
    "registration": "side key ticket_code", "pair_scores": "engine firm_ids partner_ids",
    "participant": "away_slots feed_key time_zone", "timetable_version": "quality unmet",
    "conference_table": "label closed_slots link", "token": "purpose key_hash address about",
    "member_calendar": "key",
    "saved_search": "filters", "firm_match": "reasons", "visit_plan": "unmet",
    "candidate": "marks", "conference_choice": "sectors weights", "model_choice": "reason",
    "conference_interpreter": "away_slots label language", "model_version": "about name",
    "position_shown": "model scorer_values", "suggestion": "model scorer_values",
    "consent": "text_sha256 language", "incident": "tables",
    "forgotten_address": "address_hash",
    "second_factor": "sealed_secret", "recovery_code": "code_hash",
}  # fmt: skip

# What nobody plants by hand: made from the columns above by the site itself, or of no tenant.
MADE = {("mail", "subject"), ("mail", "body"), ("suggestion", "reasons"), ("timetable_version", "note")}
