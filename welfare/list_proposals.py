"""Who is due on a list: the program goes through the whole register and proposes, each with her reckoning."""

from collections.abc import Iterator

from members.models import Child
from welfare.bulk import FundFacts
from welfare.eligibility import Background
from welfare.events import Event, child_key
from welfare.models import BenefitList, ListLine
from welfare.rules.document import BenefitTerms
from welfare.rules.steps import Assessment


def event_of_line(line: ListLine, benefit_list: BenefitList, benefit: BenefitTerms) -> Event:
    """What a line says of its event. The community that confirms its part has seen the papers asked for."""
    child = line.child
    counts = benefit.unit in ("child", "item", "person")
    return Event(
        benefit_code=benefit_list.benefit_code,
        event_from=benefit_list.event_on,
        received_on=max(benefit_list.event_on, benefit_list.opened_on),
        units=(line.units or 1) if counts else None,
        grade=line.grade,
        loss_amount=line.loss_amount,
        proposed_amount=line.proposed_amount,
        child_name=child.name if child else "",
        child_birth_date=child.birth_date if child else None,
        event_key=benefit_list.event_key,
        evidence=frozenset(paper for papers in benefit.evidence for paper in papers),
    )


def is_proposed(benefit: BenefitTerms) -> bool:
    """Whether the register knows who is due: not where somebody has to look first, as after a flood."""
    pays = benefit.pays
    return not (pays.by_grade or pays.percent_of_loss or pays.up_to)


def about_children(benefit: BenefitTerms) -> bool:
    """Whether a line of the list names a child."""
    return benefit.subject == "child" or benefit.once_per == "child"


def once_key(line: ListLine, benefit: BenefitTerms) -> tuple[str, object] | None:
    """What two lines of a list may not share: the house or the child that the benefit is given for once; else None."""
    if benefit.once_per == "household" and line.member.household_id is not None:
        return ("household", line.member.household_id)
    if benefit.once_per == "child" and line.child is not None:
        return ("child", child_key(line.child.name, line.child.birth_date))
    return None


def proposed_lines(benefit_list: BenefitList, fund: FundFacts) -> Iterator[ListLine]:
    """A line for everybody who is due by right, in Thai order; the dead are claimed for singly.

    Whom the regulation leaves to the committee (rights suspended) is not proposed: somebody adds her and says why. A
    house or a child that is helped once has one line, of whoever comes first.
    """
    version = fund.version_on(benefit_list.event_on)
    benefit = version.document.benefit(benefit_list.benefit_code)
    if not is_proposed(benefit):
        return
    children = _children_by_parent(fund) if about_children(benefit) else {}
    helped: set[tuple[str, object]] = set()
    for member in fund.members:
        if member.died_on is not None or fund.membership_on(member.pk, benefit_list.event_on) is None:
            continue
        background = fund.background(member.pk, benefit_list.event_on, version=version)
        for child in children.get(member.pk, []) if about_children(benefit) else [None]:
            line = ListLine(benefit_list=benefit_list, member=member, community=member.community, child=child)
            once = once_key(line, benefit)
            if once in helped:
                continue
            assessment = _reckoned(line, benefit, background, fund)
            if assessment.outcome == "eligible":
                helped |= {once} - {None}
                yield put_reckoning(line, assessment)


def _reckoned(line: ListLine, benefit: BenefitTerms, background: Background, fund: FundFacts) -> Assessment:
    event = event_of_line(line, line.benefit_list, benefit)
    if line.child is None:
        return fund.assess_on(background, event)
    return fund.assess(line.member.pk, event)  # claims by the other parent count too


def _children_by_parent(fund: FundFacts) -> dict[int, list[Child]]:
    found: dict[int, list[Child]] = {}
    for child in Child.objects.order_by("birth_date", "id"):
        found.setdefault(fund.member(child.parent_id).pk, []).append(child)
    return found


def put_reckoning(line: ListLine, assessment: Assessment) -> ListLine:
    """Keep on the line how it was reckoned."""
    line.outcome, line.amount, line.assessment = assessment.outcome, assessment.amount, assessment.to_json()
    return line
