"""What the database holds of the controls of claims, whatever way in: the words of the triggers.

Each hand is judged when it is written, so that a later change of level does not refuse old rows.
"""

LEVEL = [("level", "text")]
LEVEL_AND_CLAIM = [*LEVEL, ("asked", "record")]


OWN = """
    IF EXISTS (
        SELECT 1 FROM members_member mine
          JOIN members_member me ON me.id IN (mine.id, mine.merged_into_id)
          JOIN members_member hers ON hers.id = CLAIM.member_id
          JOIN members_member she ON she.id IN (hers.id, hers.merged_into_id)
         WHERE mine.user_id IN (USERS)
           AND (me.id = she.id OR me.household_id IN (she.household_id, CLAIM.household_id))) THEN
        RAISE EXCEPTION 'nobody decides or pays for herself or her household' USING ERRCODE = 'check_violation';
    END IF;
"""


def _refuse_own(users: str, claim: str) -> str:
    """SQL that refuses users (expressions, by commas) who are the person of a claim (a row) or of her household.

    At every level, and under whichever of her numbers.
    """
    return OWN.replace("USERS", users).replace("CLAIM", claim)


# What a standard or strict fund asks of the hands: entered ≠ decided ≠ paid; strict: entered ≠ checked ≠ decided.
# At every level: who rejected a claim does not decide its appeal.
REFUSE_ONE_HAND = """
    SELECT controls INTO level FROM members_fund WHERE id = 1;
    IF level IN ('standard', 'strict') THEN
        IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id = NEW.entered_by_id THEN
            RAISE EXCEPTION 'who entered a claim may not decide it' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id
           AND NEW.paid_by_id IN (NEW.entered_by_id, NEW.decided_by_id) THEN
            RAISE EXCEPTION 'who entered or decided a claim may not pay it' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF level = 'strict' THEN
        IF NEW.verified_by_id IS DISTINCT FROM OLD.verified_by_id AND NEW.verified_by_id = NEW.entered_by_id THEN
            RAISE EXCEPTION 'who entered a claim may not check it' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id = NEW.verified_by_id THEN
            RAISE EXCEPTION 'who checked a claim may not decide it' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND EXISTS (
        SELECT 1 FROM welfare_appeal a WHERE a.claim_id = NEW.id AND a.rejected_by_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'who rejected a claim may not decide its appeal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

REFUSE_OWN_CLAIM = (
    _refuse_own(
        """
                   CASE WHEN NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id THEN NEW.decided_by_id END,
                   CASE WHEN NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id THEN NEW.paid_by_id END""",
        claim="NEW",
    )
    + "    RETURN NEW;\n"
)

# A claim's states follow each other as `welfare.transitions` says. At every level a decision is that of a meeting with
# three different people present, but for a death grant to which chair and treasurer agreed. From standard on a payment
# is taken back by two. Strict: a claim begins as a draft, three certify, two approve a large sum.
REFUSE_A_STEP_ALONE = """
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'submitted'), ('draft', 'cancelled'),
        ('submitted', 'verified'), ('submitted', 'draft'), ('submitted', 'cancelled'),
        ('verified', 'approved'), ('verified', 'rejected'), ('verified', 'draft'), ('verified', 'cancelled'),
        ('rejected', 'submitted'),
        ('approved', 'paid'), ('approved', 'cancelled'), ('paid', 'approved')) THEN
        RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    SELECT controls INTO level FROM members_fund WHERE id = 1;
    IF level = 'strict' AND TG_OP = 'INSERT' AND NEW.state <> 'draft'
       AND NOT (NEW.state = 'verified' AND NEW.benefit_list_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a claim begins as a draft' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('approved', 'paid') AND coalesce(OLD.state, '') NOT IN ('approved', 'paid') AND NEW.urgent THEN
        IF NOT EXISTS (
            SELECT 1 FROM welfare_urgentgrant g
             WHERE g.claim_id = NEW.id AND g.amount = NEW.amount_approved
               AND g.chair_id = NEW.decided_by_id AND g.treasurer_id IS NOT NULL) THEN
            RAISE EXCEPTION 'an urgent grant takes chair and treasurer' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state IN ('approved', 'paid', 'rejected')
          AND coalesce(OLD.state, '') NOT IN ('approved', 'paid', 'rejected') THEN
        IF NOT EXISTS (
            SELECT 1 FROM members_resolution r JOIN members_meeting m ON m.id = r.meeting_id
             WHERE r.id = NEW.resolution_id
               AND 3 <= (SELECT count(DISTINCT p ->> 'name') FROM jsonb_array_elements(m.present) p)) THEN
            RAISE EXCEPTION 'a claim is decided by a meeting with three present' USING ERRCODE = 'check_violation';
        END IF;
        IF level = 'strict' AND TG_OP = 'UPDATE' AND NEW.state <> 'rejected'
           AND NEW.amount_approved > coalesce((SELECT two_approvals_above FROM welfare_welfaresettings), 5000)
           AND 2 > (SELECT count(DISTINCT a.approved_by_id) FROM welfare_claimapproval a
                     WHERE a.claim_id = NEW.id AND a.submitted_at = NEW.submitted_at
                       AND a.amount = NEW.amount_approved) THEN
            RAISE EXCEPTION 'a sum above the ceiling takes two approvals' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF level = 'strict' AND NEW.state = 'verified' AND OLD.state = 'submitted' AND NEW.benefit_list_id IS NULL
       AND 3 > (SELECT count(*) FROM welfare_claimcertification c
                 WHERE c.claim_id = NEW.id AND c.submitted_at = NEW.submitted_at
                   AND c.certified_by_id <> NEW.entered_by_id) THEN
        RAISE EXCEPTION 'three others certify a claim before it is checked' USING ERRCODE = 'check_violation';
    END IF;
    IF level IN ('standard', 'strict') AND OLD.state = 'paid' AND NEW.state = 'approved' AND NOT EXISTS (
        SELECT 1 FROM ledger_paymentvouchervoid v JOIN welfare_paymentreversalrequest q ON q.voucher_id = v.voucher_id
         WHERE v.voucher_id = OLD.voucher_id AND v.second_person_id <> q.asked_by_id) THEN
        RAISE EXCEPTION 'a payment is taken back by two people' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# Whose claim it is and who entered it stays; who checked and who decided is written with the step alone; and what was
# decided stays as it was until it is paid. A paid sum is held by the books, and proved by `check_ledger`.
REFUSE_REWRITING = """
    IF NEW.entered_by_id <> OLD.entered_by_id OR NEW.member_id <> OLD.member_id
       OR NEW.household_id IS DISTINCT FROM OLD.household_id THEN
        RAISE EXCEPTION 'whose claim it is and who entered it stays' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.verified_by_id IS DISTINCT FROM OLD.verified_by_id
       AND (NEW.state = OLD.state OR NEW.state NOT IN ('submitted', 'verified')) THEN
        RAISE EXCEPTION 'who checked a claim is written when it is checked' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.decided_by_id, NEW.urgent) IS DISTINCT FROM (OLD.decided_by_id, OLD.urgent)
       AND (NEW.state = OLD.state OR NEW.state NOT IN ('submitted', 'approved', 'rejected')
            OR OLD.state IN ('approved', 'paid')) THEN
        RAISE EXCEPTION 'who decided a claim is written when it is decided' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.resolution_id IS DISTINCT FROM OLD.resolution_id AND OLD.resolution_id IS NOT NULL
       AND NEW.state <> 'submitted' THEN
        RAISE EXCEPTION 'the resolution on a claim stays' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.amount_approved IS DISTINCT FROM OLD.amount_approved
       AND (OLD.state = 'approved' OR (OLD.state = 'paid' AND NEW.state <> 'paid')) THEN
        RAISE EXCEPTION 'the sum that was decided stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
REWRITING = (
    "entered_by_id",
    "member_id",
    "household_id",
    "verified_by_id",
    "decided_by_id",
    "urgent",
    "resolution_id",
    "amount_approved",
    "state",
)

REFUSE_DELETING = "    RAISE EXCEPTION 'claims are not deleted' USING ERRCODE = 'check_violation';\n"


HANDS = """
    SELECT controls INTO level FROM members_fund WHERE id = 1;
    SELECT * INTO asked FROM welfare_claim WHERE id = NEW.claim_id;
    IF (LEVELS AND asked.entered_by_id IN (USERS)) OR (level = 'strict' AND asked.verified_by_id IN (USERS)) THEN
        RAISE EXCEPTION 'who entered or checked a claim does not stand up for it' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.state <> 'submitted' AND EXISTS (
        SELECT 1 FROM welfare_appeal a WHERE a.claim_id = NEW.claim_id AND a.rejected_by_id IN (USERS)) THEN
        RAISE EXCEPTION 'who rejected a claim may not decide its appeal' USING ERRCODE = 'check_violation';
    END IF;
"""


def _refuse_hands(users: str, levels: str) -> str:
    """SQL for a row beside a claim: it refuses users who entered the claim, at these levels (an expression).

    And who checked it (strict), who rejected it before, whose own it is.
    """
    return HANDS.replace("USERS", users).replace("LEVELS", levels) + _refuse_own(users, claim="asked")


ABOVE_SMALL = "level IN ('standard', 'strict')"
REFUSE_CERTIFYING = _refuse_hands("NEW.certified_by_id", "true") + "    RETURN NEW;\n"
REFUSE_APPROVING = _refuse_hands("NEW.approved_by_id", ABOVE_SMALL) + "    RETURN NEW;\n"

# Chair and treasurer are judged when each agrees; what both agreed to, and what the meeting said of it, stays.
REFUSE_GRANTING = (
    _refuse_hands(
        """CASE WHEN NEW.chair_id IS DISTINCT FROM OLD.chair_id THEN NEW.chair_id END,
        CASE WHEN NEW.treasurer_id IS DISTINCT FROM OLD.treasurer_id THEN NEW.treasurer_id END""",
        ABOVE_SMALL,
    )
    + """
    IF TG_OP = 'UPDATE' AND (
        (asked.urgent AND (NEW.claim_id, NEW.amount, NEW.chair_id, NEW.treasurer_id)
                          IS DISTINCT FROM (OLD.claim_id, OLD.amount, OLD.chair_id, OLD.treasurer_id))
        OR (OLD.is_ratified IS NOT NULL AND NEW.is_ratified IS DISTINCT FROM OLD.is_ratified)) THEN
        RAISE EXCEPTION 'what was agreed of an urgent grant stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
)
