import django.db.models.deletion
from django.db import migrations, models

import bansong_fund.lib.money

APART = """
    INSERT INTO ledger_communitysum (month, account_id, community_id, restricted_fund_id, is_closing, debit, credit)
    SELECT month, account_id, community_id, restricted_fund_id, is_closing, debit, credit
      FROM ledger_ledgersum WHERE community_id IS NOT NULL;
    CREATE TEMPORARY TABLE together ON COMMIT DROP AS
    SELECT month, account_id, restricted_fund_id, is_closing, sum(debit) AS debit, sum(credit) AS credit
      FROM ledger_ledgersum GROUP BY 1, 2, 3, 4;
    DELETE FROM ledger_ledgersum;
    INSERT INTO ledger_ledgersum (month, account_id, restricted_fund_id, is_closing, debit, credit)
    SELECT * FROM together;
    SET CONSTRAINTS ALL IMMEDIATE;
"""
TOGETHER = """
    UPDATE ledger_ledgersum s SET debit = s.debit - c.debit, credit = s.credit - c.credit
      FROM (SELECT month, account_id, restricted_fund_id, is_closing, sum(debit) AS debit, sum(credit) AS credit
              FROM ledger_communitysum GROUP BY 1, 2, 3, 4) c
     WHERE (c.month, c.account_id, c.restricted_fund_id, c.is_closing)
         = (s.month, s.account_id, s.restricted_fund_id, s.is_closing);
    DELETE FROM ledger_ledgersum WHERE debit = 0 AND credit = 0;
    INSERT INTO ledger_ledgersum (month, account_id, community_id, restricted_fund_id, is_closing, debit, credit)
    SELECT month, account_id, community_id, restricted_fund_id, is_closing, debit, credit FROM ledger_communitysum;
    DELETE FROM ledger_communitysum;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """Sums of communities in a table of their own; the pages' sums are of all communities together."""

    dependencies = [
        ("ledger", "0006_second_persons"),
        ("members", "0007_money_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommunitySum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("is_closing", models.BooleanField(default=False)),
                ("debit", bansong_fund.lib.money.BahtField(default=0)),
                ("credit", bansong_fund.lib.money.BahtField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.community"
                    ),
                ),
                (
                    "restricted_fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.restrictedfund"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["month", "account", "community", "restricted_fund", "is_closing"],
                        name="one_kept_sum_of_a_community",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="ledgersum", name="one_kept_sum"),
        migrations.RunSQL(APART, TOGETHER),
        migrations.RemoveField(model_name="ledgersum", name="community"),
        migrations.AddConstraint(
            model_name="ledgersum",
            constraint=models.UniqueConstraint(
                fields=["month", "account", "restricted_fund", "is_closing"], name="one_kept_sum"
            ),
        ),
    ]
