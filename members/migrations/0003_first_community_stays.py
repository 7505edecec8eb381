"""Every member has been in her present community since she first joined, as far as anything is written."""

from django.db import migrations

FIRST_STAYS = """
    INSERT INTO members_communitystay (request_id, member_id, community_id, since, note, recorded_at)
    SELECT gen_random_uuid(), m.id, m.community_id, min(s.joined_on), '', now()
      FROM members_member m JOIN members_membership s ON s.member_id = m.id
     WHERE NOT EXISTS (SELECT FROM members_communitystay c WHERE c.member_id = m.id)
     GROUP BY m.id, m.community_id
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0002_applications_stays_imports")]
    operations = [migrations.RunSQL(FIRST_STAYS, migrations.RunSQL.noop)]
