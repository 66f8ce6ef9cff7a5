"""Sign-off of a letter that hands nothing over: 科室 → 政务公开机构 → 负责人."""

from django.db import migrations

KIND = "foi.reply_plain"
STEPS = [
    (1, "section", "科室审核", "section_reviewer", "section"),
    (2, "office", "政府信息公开工作机构审核", "compliance_reviewer", "organ"),
    (3, "sign", "机关负责人签发", "leader", "organ"),
]


def fill(apps, schema_editor):
    PlanStep = apps.get_model("review", "PlanStep")
    PlanStep.objects.bulk_create(
        PlanStep(organ=None, subject_kind=KIND, order=order, code=code, title=title, role=role, scope=scope)
        for order, code, title, role, scope in STEPS
    )


def empty(apps, schema_editor):
    apps.get_model("review", "PlanStep").objects.filter(organ=None, subject_kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [("foi", "0005_guards_again"), ("review", "0003_default_plan")]

    operations = [migrations.RunPython(fill, empty)]
