"""The papers that the fund owes those who fund it: CODI, the municipality, the province, the provincial office.

Each is drawn up once as a `FormPaper` and shown alike on the page, as a PDF and as a book of sheets. What the program
cannot know is asked for once (`questions`); what was not answered yet is a dotted line, never a guess.
"""
