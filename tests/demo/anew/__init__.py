"""The fund's year 2562 (2019), entered anew through the screens by the people who would do it.

The demonstration is loaded as it stood on the last evening of 2561. What its plan says of 2562 is then lived day by
day (`year`): leaders fill their sheets on the phone, the treasurer records, pays, banks and closes, the committee asks
the municipality and CODI and holds the event. `leg1` to `event` have one function for each thing that a person does.

Not money in, and so written by the loader's own blocks or by a verb: who joins and leaves (`register`), and the claims
from paper to voucher (`claims`).
"""
