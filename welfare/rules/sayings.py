"""Every sentence of the reckoning, Thai and English, by the code of its step.

A figure in braces may be followed by how it is said: `units` (in the step's unit), `days`, `years`,
`claim`, `span`, `year` (a limit year), `numbers` (claims' numbers) or the kind of its name.
"""

SENTENCES: dict[str, tuple[str, str]] = {
    # Which rules
    "version": (
        "คิดตาม{regulation} ({reference}) ซึ่งใช้ตั้งแต่ {effective_from}",
        "Reckoned by the {regulation} ({reference}), in force since {effective_from}.",
    ),
    "version_not_in_force": (
        "ระเบียบฉบับนี้ใช้ตั้งแต่ {effective_from} แต่เหตุเกิดวันที่ {event_from} ให้คิดตามระเบียบที่ใช้ในวันเกิดเหตุ",
        (
            "This version is in force from {effective_from}, but the event was on {event_from}. "
            "Reckon by the version that was in force on that day."
        ),
    ),
    "version_replaced": (
        "ระเบียบฉบับนี้ใช้ถึงก่อนวันที่ {effective_until} แต่เหตุเกิดวันที่ {event_from} ให้คิดตามระเบียบที่ใช้ในวันเกิดเหตุ",
        (
            "This version was replaced on {effective_until}, but the event was on {event_from}. "
            "Reckon by the version that was in force on that day."
        ),
    ),
    "no_rule_in_force": (
        "วันที่ {event_from} ยังไม่มีระเบียบของกองทุนใช้อยู่ จึงคิดเงินไม่ได้ โปรดตรวจวันที่เกิดเหตุ",
        "No regulation of the fund was in force on {event_from}: nothing can be reckoned. Check the day of the event.",
    ),
    "benefit_not_offered": (
        "{regulation}ไม่มีสวัสดิการรหัส {benefit} ในวันที่ {event_from}",
        "The {regulation} has no benefit “{benefit}” on {event_from}.",
    ),
    # What was entered
    "dates_reversed": (
        "วันสิ้นสุด {event_until} อยู่ก่อนวันเริ่ม {event_from} โปรดแก้วันที่",
        "The last day, {event_until}, is before the first, {event_from}. Correct the dates.",
    ),
    "received_before_event": (
        "วันที่รับเอกสาร {received_on} อยู่ก่อนวันที่เหตุสิ้นสุด {event_end} โปรดแก้วันที่",
        "The papers were received on {received_on}, before the event ended on {event_end}. Correct the dates.",
    ),
    "missing_fact": ("ยังไม่ได้กรอก{fact:fact}", "Still to be filled in: {fact:fact}."),
    # Membership and waiting time
    "tenure": (
        "เป็นสมาชิกตั้งแต่ {joined_on} นับถึงวันเกิดเหตุ {event_from} ได้ {years:years} {days:days}",
        "Member since {joined_on}; on the day of the event, {event_from}, for {years:years} and {days:days}.",
    ),
    "not_a_member": (
        "วันเกิดเหตุ {event_from} ไม่ได้เป็นสมาชิก",
        "Not a member on the day of the event, {event_from}.",
    ),
    "before_joining": (
        "เหตุเกิดวันที่ {event_from} ก่อนวันเข้าเป็นสมาชิก {joined_on}",
        "The event, on {event_from}, was before joining on {joined_on}.",
    ),
    "after_death": (
        "เหตุเกิดวันที่ {event_from} หลังจากสมาชิกเสียชีวิตเมื่อ {died_on}",
        "The event, on {event_from}, was after the member's death on {died_on}.",
    ),
    "waiting_by_age": (
        "เข้าเป็นสมาชิกเมื่ออายุ {age:years} จึงมีระยะเวลารอสิทธิ {waiting_days:days}",
        "Joined at the age of {age:years}, so the waiting period is {waiting_days:days}.",
    ),
    "no_waiting": (
        "สวัสดิการนี้ไม่มีระยะเวลารอสิทธิ",
        "This benefit has no waiting period.",
    ),
    "waiting": (
        "พ้นระยะเวลารอสิทธิ {waiting_days:days}แล้ว มีสิทธิตั้งแต่ {served_on}",
        "The waiting period of {waiting_days:days} is over; rights began on {served_on}.",
    ),
    "waiting_not_over": (
        "ยังไม่พ้นระยะเวลารอสิทธิ {waiting_days:days} เหตุเกิดวันที่ {event_from} มีสิทธิเมื่อเหตุเกิดตั้งแต่ {served_on} เป็นต้นไป",
        "The waiting period of {waiting_days:days} was not over on {event_from}; rights begin on {served_on}.",
    ),
    # Standing
    "standing_good": (
        "วันเกิดเหตุ จ่ายเงินสมทบครบ",
        "Dues were paid up on the day of the event.",
    ),
    "standing_arrears": (
        "วันเกิดเหตุ ค้างชำระเงินสมทบ แต่ยังไม่ถูกระงับสิทธิ จึงยังมีสิทธิ",
        "In arrears on the day of the event, but rights were not yet suspended.",
    ),
    "standing_not_asked": (
        "สวัสดิการนี้ให้แม้ถูกระงับสิทธิ",
        "This benefit is given even while rights are suspended.",
    ),
    "suspended_committee": (
        "วันเกิดเหตุ ถูกระงับสิทธิเพราะค้างชำระเกิน {suspend_after_days:days} ให้คณะกรรมการพิจารณา พร้อมเหตุผล",
        (
            "Rights were suspended on the day of the event, after {suspend_after_days:days} in arrears. "
            "The committee decides, with a reason."
        ),
    ),
    "suspended": (
        "วันเกิดเหตุ ถูกระงับสิทธิเพราะค้างชำระเกิน {suspend_after_days:days}",
        "Rights were suspended on the day of the event, after {suspend_after_days:days} in arrears.",
    ),
    "lapsed": (
        "วันเกิดเหตุ พ้นสภาพสมาชิกแล้ว",
        "The membership had been terminated before the day of the event.",
    ),
    # Ages and groups
    "min_age_met": (
        "อายุ {age:years} ในวันเกิดเหตุ ถึงเกณฑ์ {min_age:years}",
        "Aged {age:years} on the day of the event; {min_age:years} are asked for.",
    ),
    "below_min_age": (
        "อายุ {age:years} ในวันเกิดเหตุ ยังไม่ถึง {min_age:years} จะครบวันที่ {reached_on}",
        "Aged {age:years} on the day of the event; {min_age:years} will be reached on {reached_on}.",
    ),
    "max_age_met": (
        "อายุ {age:years} ในวันเกิดเหตุ ไม่เกิน {max_age:years}",
        "Aged {age:years} on the day of the event; at most {max_age:years} are allowed.",
    ),
    "above_max_age": (
        "อายุ {age:years} ในวันเกิดเหตุ เกิน {max_age:years}",
        "Aged {age:years} on the day of the event, above {max_age:years}.",
    ),
    "subject_min_age_met": (
        "เด็กอายุ {age:years} ในวันเกิดเหตุ ถึงเกณฑ์ {min_age:years}",
        "The child was aged {age:years} on the day of the event; {min_age:years} are asked for.",
    ),
    "subject_below_min_age": (
        "เด็กอายุ {age:years} ในวันเกิดเหตุ ยังไม่ถึง {min_age:years} จะครบวันที่ {reached_on}",
        "The child was aged {age:years} on the day of the event; {min_age:years} will be reached on {reached_on}.",
    ),
    "subject_max_age_met": (
        "เด็กอายุ {age:years} ในวันเกิดเหตุ ไม่เกิน {max_age:years}",
        "The child was aged {age:years} on the day of the event; at most {max_age:years} are allowed.",
    ),
    "subject_above_max_age": (
        "เด็กอายุ {age:years} ในวันเกิดเหตุ เกิน {max_age:years}",
        "The child was aged {age:years} on the day of the event, above {max_age:years}.",
    ),
    "group_met": (
        "อยู่ในกลุ่ม{groups:group}ในวันเกิดเหตุ",
        "Belonged to {groups:group} on the day of the event.",
    ),
    "group_missing": (
        "สวัสดิการนี้สำหรับ{groups:group} แต่ทะเบียนไม่ได้ระบุไว้ในวันเกิดเหตุ หากไม่ตรงให้แก้ทะเบียนก่อน",
        (
            "This benefit is for {groups:group}, which the register does not show on the day of the event. "
            "If that is wrong, correct the register first."
        ),
    ),
    "exclusions_none": (
        "ถามข้อยกเว้นแล้ว ไม่เข้าข้อใด ({exclusions:exclusion})",
        "None of the exclusions applies ({exclusions:exclusion}).",
    ),
    "excluded": (
        "ระเบียบไม่ให้สวัสดิการกรณี{exclusion:exclusion}",
        "The regulation gives nothing in a case of {exclusion:exclusion}.",
    ),
    # Time for claiming
    "in_time": (
        "รับเอกสารวันที่ {received_on} ทันกำหนด {within:days} (ถึง {last_day})",
        "Papers received on {received_on}, within {within:days} (until {last_day}).",
    ),
    "late": (
        "รับเอกสารวันที่ {received_on} ช้ากว่ากำหนด {last_day} ไป {late:days} ให้คณะกรรมการพิจารณา พร้อมเหตุผล",
        "Papers received on {received_on}, {late:days} after the last day, {last_day}. The committee decides.",
    ),
    # Papers and receivers
    "evidence_complete": ("เอกสารครบ", "All papers are there."),
    "evidence_missing": (
        "ยังขาดเอกสาร: {papers:paper}",
        "Still to be handed in: {papers:paper}.",
    ),
    "no_beneficiary": (
        "ไม่มีผู้รับผลประโยชน์ที่ระบุชื่อไว้และยังมีชีวิต ให้คณะกรรมการพิจารณาในหมู่ญาติใกล้ชิด บันทึกความสัมพันธ์และมติ",
        (
            "There is no named and living beneficiary. The committee decides among the next of kin, "
            "recording the relation and the minutes."
        ),
    ),
    # Once only
    "child_claimed": (
        "เด็ก {child} เคยได้รับสวัสดิการนี้แล้ว ตามคำขอเลขที่ {number}",
        "For the child {child} this benefit was claimed already, by claim no. {number}.",
    ),
    "child_born_same_day": (
        "คำขอเลขที่ {number} ของครัวเรือนนี้ขอให้เด็กที่เกิดวันเดียวกันกับ {child} โปรดตรวจว่าเป็นเด็กคนละคน",
        "Claim no. {number} of this household is for a child born on the day of {child}. Check that it is another.",
    ),
    "child_twice": (
        "ใส่ชื่อเด็ก {child} ซ้ำในคำขอเดียวกัน",
        "The child {child} is entered twice in this claim.",
    ),
    "household_claimed": (
        "ครัวเรือนนี้ยื่นขอสำหรับเหตุเดียวกันแล้ว ตามคำขอเลขที่ {number}",
        "This household claimed for the same event already, by claim no. {number}.",
    ),
    "household_same_day": (
        "ครัวเรือนนี้ยื่นขอสำหรับเหตุในวันเดียวกันแล้วโดยใช้ชื่อเหตุอื่น ตามคำขอเลขที่ {number} ให้คณะกรรมการพิจารณาว่าเป็นคนละเหตุหรือไม่",
        (
            "This household claimed for the same day under another name of the event, by claim no. {number}. "
            "The committee decides whether it was another."
        ),
    ),
    "nights_overlap": (
        "คืนที่นอนซ้ำกับคำขอเลขที่ {number} ({prior_from} ถึง {prior_until}) คืนเดียวกันจ่ายได้ครั้งเดียว",
        "These nights overlap with claim no. {number} ({prior_from} to {prior_until}); a night is paid once.",
    ),
    "same_day": (
        "มีคำขอสวัสดิการเดียวกันในวันเดียวกันแล้ว เลขที่ {numbers:numbers} โปรดตรวจว่าไม่ใช่เรื่องเดียวกัน",
        "There is a claim for the same benefit and day, no. {numbers:numbers}. Check that it is another matter.",
    ),
    # The reckoning
    "nights": (
        "เข้าโรงพยาบาล {event_from} ออก {event_until} นอน {nights:night}",
        "Admitted on {event_from}, discharged on {event_until}: {nights:night}.",
    ),
    "nights_in_year": (
        "นับเป็นของ{year_from:year} {nights:night}",
        "{nights:night} counted in {year_from:year}.",
    ),
    "no_units": (
        "นับได้ {units:units} จึงไม่มีเงินที่จะจ่าย",
        "That is {units:units}, so there is nothing to pay.",
    ),
    "pays_flat": ("จ่ายครั้งละ {sum} บาท", "Pays {sum} baht."),
    "pays_per": (
        "{units:units} × {rate} บาท = {sum} บาท",
        "{units:units} × {rate} baht = {sum} baht.",
    ),
    "pays_by_tenure": (
        "เป็นสมาชิกครบ {step:span}ขึ้นไป ได้ {sum} บาท",
        "A membership of {step:span} or more: {sum} baht.",
    ),
    "tenure_below_first": (
        "อายุการเป็นสมาชิกยังไม่ครบ {step:span} จะครบวันที่ {reached_on}",
        "The membership has not lasted {step:span}; it will on {reached_on}.",
    ),
    "pays_by_age": (
        "อายุครบ {step:span}ขึ้นไป ได้ {sum} บาท",
        "At an age of {step:span} or more: {sum} baht.",
    ),
    "age_below_first": (
        "อายุยังไม่ครบ {step:span} จะครบวันที่ {reached_on}",
        "Not yet aged {step:span}; that will be on {reached_on}.",
    ),
    "pays_by_grade": (
        "ระดับความเสียหาย: {grade:grade} ได้ {sum} บาท",
        "Grade of the damage: {grade:grade}. Pays {sum} baht.",
    ),
    "grade_unknown": (
        "ระเบียบไม่มีระดับความเสียหาย “{grade}” มีแต่ {grades:grade}",
        "The regulation knows no grade “{grade}”, only {grades:grade}.",
    ),
    "pays_proposed": (
        "เสนอ {sum} บาท ไม่เกินวงเงิน {up_to} บาท",
        "Proposed: {sum} baht, within the ceiling of {up_to} baht.",
    ),
    "above_ceiling": (
        "เสนอ {proposed} บาท เกินวงเงิน ให้ได้ไม่เกิน {up_to} บาท",
        "Proposed: {proposed} baht, above the ceiling; at most {up_to} baht are paid.",
    ),
    "ceiling": (
        "คณะกรรมการเป็นผู้กำหนดจำนวนเงิน ไม่เกิน {up_to} บาท",
        "The committee sets the sum, up to {up_to} baht.",
    ),
    "pays_percent": (
        "ร้อยละ {percent} ของความเสียหาย {loss} บาท = {sum} บาท",
        "{percent} % of the loss of {loss} baht = {sum} baht.",
    ),
    "percent_ceiling": (
        "ให้ได้ไม่เกิน {up_to} บาท จึงลดจาก {sum} บาท",
        "At most {up_to} baht are paid, so the {sum} baht are lowered.",
    ),
    "nothing_due": ("คิดแล้วได้ 0 บาท", "This comes to 0 baht."),
    # Limits that lower the sum
    "limit_units_per_event": (
        "จ่ายได้ครั้งละไม่เกิน {limit:units} จึงลดลง {cut:units}",
        "At most {limit:units} are paid for one event: {cut:units} fewer.",
    ),
    "limit_baht_per_event": (
        "จ่ายได้ครั้งละไม่เกิน {limit} บาท จึงลดลง {cut} บาท",
        "At most {limit} baht are paid for one event: {cut} baht less.",
    ),
    "limit_units_per_year": (
        (
            "{year_from:year} จ่ายได้ไม่เกิน {limit:units}ต่อ{counted_per:counted_per} "
            "ใช้ไปแล้ว {used:units}{numbers:in_brackets} จึงลดลง {cut:units}"
        ),
        (
            "At most {limit:units} per {counted_per:counted_per} are paid in {year_from:year}; "
            "{used:units} used already{numbers:in_brackets}: {cut:units} fewer."
        ),
    ),
    "limit_baht_per_year": (
        (
            "{year_from:year} จ่ายได้ไม่เกิน {limit} บาทต่อ{counted_per:counted_per} "
            "ใช้ไปแล้ว {used} บาท{numbers:in_brackets} จึงลดลง {cut} บาท"
        ),
        (
            "At most {limit} baht per {counted_per:counted_per} are paid in {year_from:year}; "
            "{used} baht used already{numbers:in_brackets}: {cut} baht less."
        ),
    ),
    "limit_fund_baht_per_year": (
        "{year_from:year} ทั้งกองทุนตั้งเงินสวัสดิการนี้ไว้ {limit} บาท ใช้ไปแล้ว {used} บาท จึงลดลง {cut} บาท",
        "The whole fund has {limit} baht for this benefit in {year_from:year}; {used} baht are used: {cut} baht less.",
    ),
    # Limits that leave nothing
    "limit_units_per_year_used_up": (
        "{year_from:year} จ่ายได้ไม่เกิน {limit:units}ต่อ{counted_per:counted_per} ใช้ครบแล้ว{numbers:in_brackets}",
        (
            "At most {limit:units} per {counted_per:counted_per} are paid in {year_from:year}; "
            "all are used{numbers:in_brackets}."
        ),
    ),
    "limit_baht_per_year_used_up": (
        "{year_from:year} จ่ายได้ไม่เกิน {limit} บาทต่อ{counted_per:counted_per} ใช้ครบแล้ว{numbers:in_brackets}",
        (
            "At most {limit} baht per {counted_per:counted_per} are paid in {year_from:year}; "
            "all are used{numbers:in_brackets}."
        ),
    ),
    "limit_fund_baht_per_year_used_up": (
        "{year_from:year} ทั้งกองทุนตั้งเงินสวัสดิการนี้ไว้ {limit} บาท และใช้หมดแล้ว",
        "The whole fund has {limit} baht for this benefit in {year_from:year}, and all of it is used.",
    ),
    "limit_claims_per_year_used_up": (
        "{year_from:year} ขอได้ไม่เกิน {limit:claim}ต่อ{counted_per:counted_per} ใช้ครบแล้ว{numbers:in_brackets}",
        ("At most {limit:claim} per {counted_per:counted_per} in {year_from:year}; all are used{numbers:in_brackets}."),
    ),
    "limit_claims_per_lifetime_used_up": (
        "ขอได้ตลอดชีพไม่เกิน {limit:claim}ต่อ{counted_per:counted_per} ใช้ครบแล้ว{numbers:in_brackets}",
        "At most {limit:claim} per {counted_per:counted_per} in a lifetime; all are used{numbers:in_brackets}.",
    ),
    "limit_quota_per_community_used_up": (
        "{year_from:year} ชุมชนละไม่เกิน {limit:claim} ชุมชนนี้ครบแล้ว ({used:claim})",
        "At most {limit:claim} per community in {year_from:year}; this community has had {used:claim}.",
    ),
    # The end
    "amount": ("รวมเป็นเงิน {sum} บาท", "This comes to {sum} baht."),
    "amount_if_decided": (
        "ถ้าคณะกรรมการเห็นชอบ ได้ {sum} บาท",
        "If the committee agrees, this comes to {sum} baht.",
    ),
    "amount_open": (
        "คณะกรรมการยังไม่ได้กำหนดจำนวนเงิน กำหนดได้ไม่เกิน {up_to} บาท",
        "The committee has yet to set the sum; it may be up to {up_to} baht.",
    ),
}
