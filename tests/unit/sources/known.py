"""A small set of known words, so that tests of rules do not move with the catalogue and the law book."""

from generator.model.conditions import FactDefinition
from generator.sources.known_words import KnownWords

KNOWN = KnownWords(
    facts={
        fact.id: fact
        for fact in (
            FactDefinition(
                id="data_categories",
                type="words",
                title="Data",
                question="Which?",
                values=("name", "contact", "phi"),
            ),
            FactDefinition(
                id="noon_relief_excluded", type="yes_no", title="Noon", question="Is it excluded?"
            ),
            FactDefinition(
                id="encrypted", type="yes_no", title="Encrypted", question="Was it?", known="incident"
            ),
            FactDefinition(
                id="residents", type="count", per_place=True, title="People", question="How many?"
            ),
        )
    },
    triggers=frozenset({"phi_breach", "security_incident"}),
    events=frozenset({"aware", "discovered"}),
    duties=frozenset({"hipaa-individuals", "gdpr-art33-supervisory-authority"}),
    calendars=frozenset({"us-federal"}),
    notices=frozenset({"regulator"}),
    class_parameters={"quality-drop": frozenset({"share"})},
    evidence=frozenset({"prompts"}),
    places=frozenset({"US-CO", "US-TX", "DE", "FR", "NO"}),
)
