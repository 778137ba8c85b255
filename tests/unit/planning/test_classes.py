"""Incident classes: why in, why out, with whose numbers and switches; the seven opening triggers."""

import pytest

from generator.planning import classes
from generator.workflows.plans import sources
from tests.unit.planning.vary import REMOVED, plan, planned_class, profile, switch, vary

CATALOG = sources().catalog
SHIPPED = ["clinical_hipaa_ba", "loan_multi_agent", "retail_chatbot", "soc2_saas"]
SEVEN = [
    "data_exposure",
    "harmful_action",
    "unauthorized_access",
    "quality_drop",
    "prompt_injection",
    "hallucination",
    "bias",
]


@pytest.mark.parametrize("name", [*SHIPPED, "minimal"])
def test_every_class_is_in_or_out_with_a_reason(name):
    made = plan(name)
    inside, outside = {c.id for c in made.classes}, {c.id for c in made.classes_out}
    assert inside | outside == set(CATALOG.classes)
    assert not inside & outside
    assert len(CATALOG.classes) == 38
    assert all(c.reason for c in (*made.classes, *made.classes_out))


def test_in_for_the_family_and_for_what_it_needs(four):
    made = four["retail_chatbot"].plan
    assert planned_class(made, "rag-index-poisoning").reason.endswith("deployment with retrieval")


def test_out_for_the_family(four):
    out = {c.id: c.reason for c in four["retail_chatbot"].plan.classes_out}
    assert out["wrong-patient-note"] == "only in clinical systems"


def test_out_for_what_it_needs_and_in_once_it_is_there():
    needs = {key: c.needs for key, c in CATALOG.classes.items() if "memory" in c.needs}
    assert set(needs) == {"memory-poisoning"}
    assert {c.id: c.reason for c in plan("loan_multi_agent").classes_out}["memory-poisoning"] == (
        "this deployment has no agent memory"
    )
    made = plan("loan_multi_agent", {"deployment.agents.0.memory": "Keeps the last ten files"})
    assert "memory-poisoning" in {c.id for c in made.classes}


def test_a_tool_that_writes_makes_it_agentic():
    tool = {"id": "mail", "name": "Mail", "effect": "send", "what": "sends mail"}
    assert "agentic_tools" not in classes.tags(profile())
    assert "agentic_tools" in classes.tags(vary(profile(), {"deployment.tools": [tool]}))
    assert "agentic_tools" not in classes.tags(
        vary(profile(), {"deployment.tools": [{**tool, "effect": "read"}]})
    )


class TestParameters:
    def test_the_profiles_number_and_its_basis(self, four):
        made = planned_class(four["retail_chatbot"].plan, "hallucination-over-threshold")
        own = profile("retail_chatbot").deployment.class_parameters["hallucination-over-threshold"]
        values = {p.name: (p.value, p.basis) for t in made.triggers for p in t.parameters}
        for name, value in own.items():
            assert values[name] == (f"{value.normalize():f}", "internal"), name

    def test_the_catalogues_default_with_its_own_basis(self):
        made = planned_class(plan(), "hallucination-over-threshold")
        for planned, rule in zip(made.triggers, CATALOG.classes[made.id].triggers, strict=True):
            assert planned.basis == rule.basis
            assert [p.basis for p in planned.parameters] == [rule.basis] * len(rule.parameters)

    def test_no_blank_is_left_in_any_sentence(self, four):
        for planned in four.values():
            for class_ in planned.plan.classes:
                for trigger in class_.triggers:
                    assert "{" not in trigger.statement, trigger
                    assert trigger.basis in ("law", "contract", "internal", "cited", "judgement"), trigger

    def test_one_is_singular(self):
        made = plan(changes={"deployment.class_parameters": {"direct-prompt-injection": {"sequences": 1}}})
        assert (
            planned_class(made, "direct-prompt-injection").triggers[0].statement.startswith("One sequence ")
        )


class TestSwitches:
    def test_the_profiles_own_set_in_its_order(self):
        own = profile("retail_chatbot").containment.default_switches
        made = plan("retail_chatbot")
        for key, wanted in own.items():
            if key in {c.id for c in made.classes}:
                found = planned_class(made, key)
                assert (found.switches, found.switches_because) == (wanted, "the client's own set")

    def test_else_every_switch_on_the_rungs_of_the_class(self):
        class_ = CATALOG.classes["harmful-output-or-action"]
        rungs = sorted({rung for step in class_.contain for rung in step.rung})
        switches = [switch(f"K{n}", rung=f"C{n}") for n in range(7)]
        found = planned_class(plan(changes={"containment.switches": switches}), class_.id)
        assert found.switches == tuple(f"K{rung[1]}" for rung in rungs)
        assert found.switches_because.startswith("derived from the rungs")

    def test_else_the_strongest_stands_in(self):
        unused = next(
            key for key, c in sorted(CATALOG.classes.items())
            if key in {k.id for k in plan().classes} and "C0" not in {r for s in c.contain for r in s.rung}
        )  # fmt: skip
        found = planned_class(plan(changes={"containment.switches": [switch("K1", rung="C0")]}), unused)
        assert found.switches == ("K1",)
        assert "stands in" in found.switches_because

    @pytest.mark.parametrize("name", [*SHIPPED, "minimal"])
    def test_no_class_is_without_a_switch_and_every_switch_exists(self, name):
        made = plan(name)
        known = {s.switch.id for s in made.switches}
        for class_ in made.classes:
            assert class_.switches, class_.id
            assert set(class_.switches) <= known, class_.id


class TestLeads:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_in_the_profiles_order_and_before_all_others(self, name, four):
        made = four[name].plan
        chosen = [c for c in profile(name).deployment.lead_classes if c in {k.id for k in made.classes}]
        leads = [c.id for c in made.classes if c.lead]
        assert leads == chosen
        assert [c.lead for c in made.classes] == sorted((c.lead for c in made.classes), reverse=True)

    def test_else_the_catalogues_cut_at_the_tier(self):
        made = plan("retail_chatbot", {"deployment.lead_classes": REMOVED})
        leads = [c.id for c in made.classes if c.lead]
        assert len(leads) == made.stakes.levers.lead_classes == 6
        wanted = [c for c in CATALOG.leads["retail_faq_chatbot"] if c in {k.id for k in made.classes}]
        assert leads == wanted[:6]

    def test_the_rest_by_severity_and_id(self, four):
        for planned in four.values():
            rest = [(c.severity, c.id) for c in planned.plan.classes if not c.lead]
            assert rest == sorted(rest)


class TestDetection:
    def test_without_a_log_a_class_that_needs_one_cannot_be_seen(self):
        made = plan()
        for class_ in made.classes:
            assert class_.detectable == (not CATALOG.classes[class_.id].log_fields), class_.id
            if not class_.detectable:
                assert f"gap-blind-{class_.id}" in {gap.id for gap in made.gaps}

    def test_one_field_is_a_beginning_and_the_rest_is_named(self):
        class_ = next(
            c
            for c in CATALOG.classes.values()
            if len(c.log_fields) > 1 and "chatbot" in c.applies_to and not c.needs
        )
        one, *rest = class_.log_fields
        made = planned_class(
            plan(changes={"detection.audit_log": {"store": "log", "fields": [one]}}), class_.id
        )
        assert made.detectable
        assert made.missing_fields == tuple(rest)

    def test_own_signals_replace_the_suggestions(self, four):
        for planned in four.values():
            for class_ in planned.plan.classes:
                assert bool(class_.signals) != bool(class_.default_signals) or not class_.signals


class TestEvidence:
    def test_fastest_to_vanish_first(self, four):
        for planned in four.values():
            for class_ in planned.plan.classes:
                keys = [(e.volatility, 9999 if e.kept_days is None else e.kept_days) for e in class_.evidence]
                assert keys == sorted(keys), class_.id

    def test_where_it_is_here(self, four):
        kept = {r.evidence: r for r in profile("retail_chatbot").data.retention if r.evidence}
        seen = {e.id: e for c in four["retail_chatbot"].plan.classes for e in c.evidence}
        for key in kept.keys() & seen.keys():
            assert (seen[key].where, seen[key].kept_days) == (kept[key].where, kept[key].days)


def test_questions_name_the_binding_duties_that_a_yes_starts(four):
    made = four["clinical_hipaa_ba"].plan
    by_duty = {b.duty: b for b in made.bindings}
    question = next(
        q for q in planned_class(made, "wrong-patient-note").duty_questions if q.raises == "phi_breach"
    )
    assert "hipaa-ba-to-covered-entity" in question.duties
    for class_ in made.classes:
        for asked in class_.duty_questions:
            assert all(by_duty[duty].verdict == "binds" for duty in asked.duties)


def test_the_gate_is_never_smaller_than_the_tiers_sample(four):
    for planned in four.values():
        made = planned.plan
        for class_ in made.classes:
            gate = CATALOG.classes[class_.id].gate
            if gate is None or gate.sample.value < made.stakes.levers.exit_sample_size:
                assert made.stakes.levers.exit_sample in class_.gate, class_.id
            assert made.stakes.levers.restart_words in class_.gate, class_.id


class TestHeadlines:
    @pytest.mark.parametrize("name", [*SHIPPED, "minimal"])
    def test_always_seven_in_the_missions_order(self, name):
        found = plan(name).headlines
        assert [h.id for h in found] == SEVEN
        for headline in found:
            if headline.applicable:
                assert any(letter.isdigit() for letter in headline.statement), headline
                assert headline.class_id
                assert headline.basis
            else:
                assert headline.statement.startswith("Not applicable here because "), headline

    def test_a_class_that_cannot_happen_says_why(self):
        planned, outside = classes.plan_classes(
            profile(), CATALOG, plan().stakes, (), {t.id: t.title for t in sources().book.triggers.values()},
            {t: frozenset({t}) for t in sources().book.triggers},
        )  # fmt: skip
        without = [c for c in planned if c.headline != "bias"]
        gone = next(c for c in planned if c.headline == "bias")
        reasons = (*outside, classes.ClassOut(id=gone.id, title=gone.title, reason="it decides about nobody"))
        bias = classes.headlines(without, reasons, CATALOG)[-1]
        assert (bias.applicable, bias.class_id) == (False, None)
        assert bias.statement == "Not applicable here because it decides about nobody."


class TestWords:
    @pytest.mark.parametrize(
        ("said", "printed"),
        [
            ("1 answer or more with a promise", "one answer with a promise"),
            ("More than 0 events missing from a sequence", "any event missing from a sequence"),
            ("More than 0 percent of AI traffic past the gateway", "any AI traffic past the gateway"),
            ("Terms that differ by more than 0 percent", "Terms that differ at all"),
            ("More than 5 percent of calls fail", "More than 5 percent of calls fail"),
        ],
    )
    def test_a_trigger_reads_as_a_person_says_it(self, said, printed):
        assert classes._as_said(said) == printed

    def test_the_catalogues_nouns_are_the_clients(self):
        text = "{Outputs} made for a {person}; run indirect-prompt-injection as well"
        title = CATALOG.classes["indirect-prompt-injection"].title
        assert classes._in_their_words(text, "loan_pipeline", CATALOG) == (
            f'Decisions made for an applicant; run "{title}" as well'
        )

    @pytest.mark.parametrize("name", SHIPPED)
    def test_no_noun_and_no_id_is_left(self, name, four):
        for class_ in four[name].plan.classes:
            printed = class_.model_dump_json()
            for token in ("{person}", "{people}", "{output}", "{outputs}", "{owner}"):
                assert token not in printed.lower(), class_.id

    def test_a_question_for_a_role_without_cause_is_not_asked(self, four):
        for name, role in (
            ("retail_chatbot", "fair_lending_officer"),
            ("soc2_saas", "clinical_safety_officer"),
        ):
            asked = {point.role for c in four[name].plan.classes for point in c.decisions}
            assert role not in asked

    def test_evidence_of_a_part_that_is_not_here_is_not_saved(self, four):
        saved = {e.id for c in four["retail_chatbot"].plan.classes for e in c.evidence}
        assert not saved & {"handoff_payloads", "adverse_action_notices", "note_versions"}


class TestSteps:
    """Each step of a playbook names who does it here and by when."""

    @pytest.mark.parametrize("name", [*SHIPPED, "minimal"])
    def test_each_has_a_person_and_minutes(self, name):
        made = plan(name)
        for class_ in made.classes:
            assert class_.led_by, class_.id
            for step in class_.contain:
                assert step.who, (class_.id, step.id)
                assert step.within_minutes > 0, (class_.id, step.id)

    def test_the_windows_of_the_tier_are_used(self, four):
        made = four["loan_multi_agent"].plan
        steps = {step.id: step for step in planned_class(made, "wrong-adverse-action-reasons").contain}
        assert (steps["hold"].window, steps["hold"].within_minutes) == ("contain", 10)
        assert steps["scope"].within_minutes == made.windows["assess_notice"].minutes == 240
        assert steps["quiet"].within_minutes == made.windows["acknowledge_sev1"].minutes == 5
        assert (steps["save"].window, steps["save"].within_minutes) == (None, 60)
        assert steps["hold"].who == "Lending operations on-call"
        assert steps["scope"].who == "Abena Ansah"

    def test_a_number_of_the_class_never_comes_before_the_containment_of_the_tier(self, four):
        made = four["retail_chatbot"].plan
        for class_ in made.classes:
            for step in class_.contain:
                if step.window == "acknowledge":
                    assert step.within_minutes <= made.windows["contain"].minutes
                elif step.window is None:
                    assert step.within_minutes >= made.windows["contain"].minutes

    def test_steps_stand_in_the_order_of_their_time(self, four):
        for planned in four.values():
            for class_ in planned.plan.classes:
                minutes = [step.within_minutes for step in class_.contain]
                assert minutes == sorted(minutes), class_.id

    def test_on_call_is_whoever_is_called_first(self, four):
        made = four["retail_chatbot"].plan
        step = next(s for s in planned_class(made, "cross-session-context-leak").contain if s.id == "cut")
        assert (step.role, step.who) == ("night_phone", "Tomasz Wieczorek")

    def test_the_first_role_that_has_cause_here(self, four):
        def who(name):
            steps = planned_class(four[name].plan, "bias-disparate-outcome").contain
            return next(step.role for step in steps if step.id == "scope")

        assert who("loan_multi_agent") == "fair_lending_officer"
        assert who("retail_chatbot") == "product_owner"

    def test_a_role_that_nobody_holds_falls_to_a_stand_in_and_is_a_gap(self):
        made = plan("minimal")
        class_ = next(c for c in made.classes if c.lead)
        step = next(s for s in class_.contain if s.role == "ai_lead")
        assert step.who == "Ana Alvarez (incident commander, for the AI lead)"
        gap = next(gap for gap in made.gaps if gap.id == "gap-role-ai-lead")
        assert "decides or acts in a lead playbook" in gap.what

    def test_a_step_that_needs_what_the_deployment_lacks_is_left_out(self, four):
        def steps(name, class_id):
            return {step.id for step in planned_class(four[name].plan, class_id).contain}

        assert "tools" not in steps("retail_chatbot", "indirect-prompt-injection")
        assert "tools" in steps("soc2_saas", "indirect-prompt-injection")
        assert "secret" in steps("loan_multi_agent", "deceptive-input-evasion")
        assert "secret" not in steps("soc2_saas", "deceptive-input-evasion")
