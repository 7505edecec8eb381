"""The demonstration fund: an invented fund, planned in memory before anything is stored.

`bansong_fund.demo.plan.build_plan()` is pure and deterministic: no database, no clock, one fixed
seed. It returns a `shapes.Plan` that holds ten and a half years of the fund (1 May 2553 to
31 October 2563; the demonstration's today is 1 November 2563), every list in the order of its dates:

    plan.communities   17 `Community`: number 1..17 and both names
    plan.households    `Household`: house number, moo, community
    plan.persons       5,143 `Person`: one membership each; `number` is the member's number, given
                       in the order of joining; `ended_on` and `end_reason` for who died or left
    plan.dues          `DuesPayment`: 365 baht, `year` it covers, the day it was paid, and the key of
                       the collection sheet it stands on (None: paid at the office)
    plan.sheets        `CollectionSheet`: a community's list of a drive; its cash is with the
                       collector from `submitted_on` until `accepted_on` (None: still out)
    plan.meetings      `Meeting`: committee and general meetings with number and date
    plan.disasters     `DisasterEvent`: one flood, storm or fire that claims name
    plan.claims        `Claim`: all nine kinds; `status` as in the claim's life, `amount` what the
                       regulation reckons, `expected` the outcome the rules must give
    plan.grants        `Grant`: legs 2 and 3; a matching round's people stand in plan.rounds
    plan.rounds        `MatchingRound`: CODI's round, rate, and the numbers of the matched members
    plan.contributors  137 `Contributor`, and plan.gifts their `Gift`s (leg 4)
    plan.campaigns     `Campaign`: the yearly merit-making event; plan.gifts and plan.costs name it
    plan.interest      `Interest`: gross, tax withheld and net, by bank account
    plan.costs         `Cost`: administration by kind, and the events' costs
    plan.moves         `CashMove`: cash banked or withdrawn, money put into the fixed deposit
    plan.users         24 `Staff`: at least one person per role, one leader per community

Years are Gregorian (`year`), money is `Decimal` baht, accounts are the keys `cash`, `savings`,
`fixed` and, for cash with a leader, `leader:<community>`. Persons are named by their number,
everything else by its `key`. `verify.problems(plan)` proves the plan against the year table and the
regulation and is empty when all ties.

What is counted in the year table: the cases of birth are its newborn gifts; a mother's nights are
claims of their own, with the birth's date, and count only in baht.
"""
