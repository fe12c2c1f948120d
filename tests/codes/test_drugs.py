"""Which drug is meant, by code and by name: a table to read beside the specification's."""

import pytest

from cds_service.codes import drugs
from cds_service.codes.drug_table import ROWS
from cds_service.codes.systems import ATC, RXNORM, SNOMED

BY_CODE = [
    *((RXNORM, code, "anakinra") for code in ["72435", "727711", "727714", "727708", "727715", "351141", "352056"]),
    (ATC, "L04AC03", "anakinra"),
    (ATC, "L04AA14", "anakinra"),
    (SNOMED, "385549000", "anakinra"),
    *(
        (RXNORM, code, "tocilizumab")
        for code in [
            "612865",
            "1657974",
            "1657976",
            "1657979",
            "1657980",
            "1657981",
            "1657982",
            "1441527",
            "1441530",
            "2106073",
            "2106075",
            "2679427",
            "2680283",
            "2705421",
            "895761",
            "2679433",
            "2680289",
            "2705427",
        ]
    ),
    (ATC, "L04AC07", "tocilizumab"),
    (SNOMED, "444648007", "tocilizumab"),
    *((RXNORM, code, "canakinumab") for code in ["853491", "1864324", "1864326", "853495"]),
    (ATC, "L04AC08", "canakinumab"),
    (SNOMED, "698091001", "canakinumab"),
    (RXNORM, "763450", "rilonacept"),
    (ATC, "L04AC04", "rilonacept"),
    (RXNORM, "1923319", "sarilumab"),
    (ATC, "L04AC14", "sarilumab"),
    (SNOMED, "735231009", "sarilumab"),
    (RXNORM, "2104604", "emapalumab"),
    (RXNORM, "214555", "etanercept"),
    (ATC, "L04AB02", "infliximab"),
    (RXNORM, "709271", "certolizumab"),
    (SNOMED, "442435002", "golimumab"),
    (ATC, "L04AB04", "adalimumab"),
    (RXNORM, "8640", "prednisone"),
    (RXNORM, "8638", "prednisolone"),
    (SNOMED, "116593003", "methylprednisolone"),
    (RXNORM, "3264", "dexamethasone"),
    (RXNORM, "5492", "hydrocortisone"),
    (SNOMED, "116571008", "betamethasone"),
    (ATC, "H02AB07", "systemic glucocorticoid"),
    (RXNORM, "68442", "filgrastim"),
    (SNOMED, "385544005", "pegfilgrastim"),
    (RXNORM, "69634", "sargramostim"),
    (ATC, "L03AA13", "colony-stimulating factor"),
    (RXNORM, "6851", "methotrexate"),
    *((RXNORM, code, "co-trimoxazole") for code in ["10831", "10180", "10829"]),
    (RXNORM, "3008", "ciclosporin"),
    (RXNORM, "68149", "mycophenolate mofetil"),
    (RXNORM, "40254", "valproate"),
    (RXNORM, "121191", "rituximab"),
    (SNOMED, "780831000", "metamizole"),
    (SNOMED, "395831005", "carbimazole"),
]


@pytest.mark.parametrize(("system", "code", "drug"), BY_CODE)
def test_a_code_means_its_drug(system: str, code: str, drug: str) -> None:
    found = drugs.by_code(system, code)
    assert found is not None
    assert (found.drug.name, found.how) == (drug, drugs.CODE)


def test_the_answer_says_which_code_matched() -> None:
    found = drugs.by_code("urn:oid:2.16.840.1.113883.6.88", "72435")
    assert found is not None
    assert found.by == "RxNorm 72435"


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (RXNORM, "197535"),  # a clozapine tablet: a product nobody lists
        (SNOMED, "72435"),  # anakinra's number in another system
        (ATC, "L04AC"),
        (ATC, "D07AC01"),  # betamethasone for the skin
        (None, "72435"),
        (RXNORM, None),
        ("", ""),
    ],
)
def test_a_code_that_is_not_listed_means_no_drug(system: str | None, code: str | None) -> None:
    assert drugs.by_code(system, code) is None


@pytest.mark.parametrize(
    ("text", "drug", "how"),
    [
        ("ANAKINRA 100 mg daily", "anakinra", drugs.TEXT),
        ("0.67 ML anakinra 149 MG/ML Prefilled Syringe [Kineret]", "anakinra", drugs.TEXT),
        ("Kineret", "anakinra", drugs.TEXT),
        ("ANAKINRA100MG/0.67ML", "anakinra", drugs.TEXT),
        ("inj_kineret_100", "anakinra", drugs.TEXT),
        ("RoActemra 162mg", "tocilizumab", drugs.TEXT),
        ("actemra", "tocilizumab", drugs.TEXT),
        ("tocilizumab-aazg", "tocilizumab", drugs.TEXT),
        ("Ilaris 150 mg", "canakinumab", drugs.TEXT),
        ("arcalyst", "rilonacept", drugs.TEXT),
        ("Kevzara", "sarilumab", drugs.TEXT),
        ("Clozapine 100 MG Oral Tablet", "clozapine", drugs.NAME),
        ("methotrexate 2.5 MG Oral Tablet", "methotrexate", drugs.NAME),
        ("cycloSPORINE modified 100 MG Oral Capsule", "ciclosporin", drugs.NAME),
        ("Cyclosporin", "ciclosporin", drugs.NAME),
        ("ciclosporin", "ciclosporin", drugs.NAME),
        ("divalproex sodium 250 MG", "valproate", drugs.NAME),
        ("valproic acid", "valproate", drugs.NAME),
        ("Co-trimoxazole 960 mg", "co-trimoxazole", drugs.NAME),
        ("sulfamethoxazole 800 MG / trimethoprim 160 MG", "co-trimoxazole", drugs.NAME),
        ("dipyrone", "metamizole", drugs.NAME),
        ("certolizumab pegol", "certolizumab", drugs.NAME),
        ("6-mercaptopurine", "mercaptopurine", drugs.NAME),
        ("pegfilgrastim-jmdb", "pegfilgrastim", drugs.NAME),
        ("valganciclovir", "valganciclovir", drugs.NAME),
        ("methylPREDNISolone", "methylprednisolone", drugs.NAME),
        ("methotrexate with anakinra", "anakinra", drugs.TEXT),
        ("ana\u200bkin\u00adra", "anakinra", drugs.TEXT),
        ("\uff21nakinra\u00a0100 mg", "anakinra", drugs.TEXT),
    ],
)
def test_a_name_in_a_text_means_its_drug(text: str, drug: str, how: str) -> None:
    found = drugs.by_name(text)
    assert found is not None
    assert (found.drug.name, found.how) == (drug, how)


@pytest.mark.parametrize("text", ["", "acetaminophen", "oxcarbazepine", "anakinrab", "xkineret", "prednisolon-like"])
def test_a_name_inside_a_longer_word_means_nothing(text: str) -> None:
    assert drugs.by_name(text) is None


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("anakinra", "biologic"),
        ("rilonacept", "biologic"),
        ("golimumab", "tnf-blocker"),
        ("dexamethasone", "glucocorticoid"),
        ("systemic glucocorticoid", "glucocorticoid"),
        ("filgrastim", "g-csf"),
        ("colony-stimulating factor", "g-csf"),
        ("clozapine", "confounder"),
        ("metamizole", "confounder"),
    ],
)
def test_each_drug_is_in_its_group(name: str, group: str) -> None:
    assert drugs.in_group(name, group)
    assert not drugs.in_group(name, "confounder" if group != "confounder" else "biologic")


def test_an_unknown_drug_is_in_no_group() -> None:
    assert not drugs.in_group("aspirin", "confounder")
    assert not drugs.DRUGS["emapalumab"].groups


def test_the_table_has_no_code_and_no_name_twice() -> None:
    codes = [(code.system, code.value) for drug in ROWS for code in (*drug.codes, *drug.atc_classes)]
    names = [name for drug in ROWS for name in drug.names]
    assert len(codes) == len(set(codes))
    assert len(names) == len(set(names))


def test_every_drug_says_where_it_comes_from_and_marks_what_was_checked() -> None:
    assert all(drug.source for drug in ROWS)
    marks = {code.value: code.verified for code in drugs.DRUGS["sarilumab"].codes}
    assert marks == {"1923319": True, "L04AC14": False, "735231009": False}
