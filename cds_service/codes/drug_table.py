"""The drugs this service knows, as a table: one row a drug, with its codes and the names it goes by.

Source: clinical specification 0.3, section 2. ``verified=True`` where that section marks a code as checked.
RxNorm products are listed for the biologics whose products were checked; every other product is recognised by
the ingredient's name in its display ("Clozapine 100 MG Oral Tablet").
"""

from dataclasses import dataclass

from cds_service.codes.systems import Atc, Code, RxNorm, Snomed, codes

BIOLOGIC = frozenset({"biologic"})
TNF_BLOCKER = frozenset({"tnf-blocker"})
GLUCOCORTICOID = frozenset({"glucocorticoid"})
G_CSF = frozenset({"g-csf"})
CONFOUNDER = frozenset({"confounder"})
NO_GROUP: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug. ``atc_classes`` are ATC prefixes: any substance of that class counts as this drug."""

    name: str
    groups: frozenset[str]
    codes: tuple[Code, ...] = ()
    names: tuple[str, ...] = ()
    atc_classes: tuple[Atc, ...] = ()
    source: str = "clinical specification 0.3, section 2"


_TOCILIZUMAB_PRODUCTS = (
    "1657974 1657976 1657979 1657980 1657981 1657982 1441527 1441530 2106073 2106075 "  # products
    "2679427 2680283 2705421 "  # biosimilar products
    "895761 2679433 2680289 2705427"  # brands: Actemra and the biosimilars
)

BIOLOGICS = (
    Drug(
        "anakinra",
        BIOLOGIC,
        (
            *codes(RxNorm, "72435 727711 727714 727708 727715 351141 352056", verified=True),
            *codes(Atc, "L04AC03", verified=True),
            *codes(Atc, "L04AA14"),  # until 2008
            *codes(Snomed, "385549000", verified=True),
        ),
        ("anakinra", "kineret"),
    ),
    Drug(
        "tocilizumab",
        BIOLOGIC,
        (
            *codes(RxNorm, "612865 " + _TOCILIZUMAB_PRODUCTS, verified=True),
            *codes(Atc, "L04AC07", verified=True),
            *codes(Snomed, "444648007", verified=True),
        ),
        ("tocilizumab", "actemra", "roactemra"),
    ),
    Drug(
        "canakinumab",
        BIOLOGIC,
        (
            *codes(RxNorm, "853491 1864324 1864326 853495", verified=True),
            *codes(Atc, "L04AC08"),
            *codes(Snomed, "698091001"),
        ),
        ("canakinumab", "ilaris"),
    ),
    Drug(
        "rilonacept",
        BIOLOGIC,
        (*codes(RxNorm, "763450", verified=True), *codes(Atc, "L04AC04")),
        ("rilonacept", "arcalyst"),
    ),
    Drug(
        "sarilumab",
        BIOLOGIC,
        (*codes(RxNorm, "1923319", verified=True), *codes(Atc, "L04AC14"), *codes(Snomed, "735231009")),
        ("sarilumab", "kevzara"),
    ),
)


def _tnf_blocker(name: str, rxnorm: str, atc: str, snomed: str = "") -> Drug:
    listed = (*codes(RxNorm, rxnorm), *codes(Atc, atc), *codes(Snomed, snomed))
    return Drug(name, TNF_BLOCKER, listed, (name,))


TNF_BLOCKERS = (
    _tnf_blocker("etanercept", "214555", "L04AB01", "387045004"),
    _tnf_blocker("infliximab", "191831", "L04AB02", "386891004"),
    _tnf_blocker("certolizumab", "709271", "L04AB05"),
    _tnf_blocker("golimumab", "819300", "L04AB06", "442435002"),
    _tnf_blocker("adalimumab", "327361", "L04AB04", "407317001"),
)


def _other(name: str, groups: frozenset[str], rxnorm: str, snomed: str = "", synonyms: str = "") -> Drug:
    """``synonyms`` are separated by commas."""
    listed = (*codes(RxNorm, rxnorm, verified=True), *codes(Snomed, snomed))
    also = tuple(synonym.strip() for synonym in synonyms.split(",") if synonym)
    return Drug(name, groups, listed, (name, *also))


GLUCOCORTICOIDS = (
    _other("prednisone", GLUCOCORTICOID, "8640", "116602009"),
    _other("prednisolone", GLUCOCORTICOID, "8638", "116601002"),
    _other("methylprednisolone", GLUCOCORTICOID, "6902", "116593003"),
    _other("dexamethasone", GLUCOCORTICOID, "3264", "372584003"),
    _other("hydrocortisone", GLUCOCORTICOID, "5492", "396458002"),
    _other("betamethasone", GLUCOCORTICOID, "1514", "116571008"),
    Drug("systemic glucocorticoid", GLUCOCORTICOID, atc_classes=codes(Atc, "H02AB")),
)

WHITE_CELL_FACTORS = (
    _other("filgrastim", G_CSF, "68442", "386948008"),
    _other("pegfilgrastim", G_CSF, "338036", "385544005"),
    _other("sargramostim", G_CSF, "69634"),
    Drug("colony-stimulating factor", G_CSF, atc_classes=codes(Atc, "L03AA")),
)

# Synonyms beyond those the specification lists are the WHO (INN) names of the same substances.
CONFOUNDERS = (
    _other("methotrexate", CONFOUNDER, "6851"),
    _other("sulfasalazine", CONFOUNDER, "9524", synonyms="sulphasalazine"),
    _other("mercaptopurine", CONFOUNDER, "103"),
    _other("azathioprine", CONFOUNDER, "1256"),
    _other("thioguanine", CONFOUNDER, "10485", synonyms="tioguanine"),
    _other("mycophenolate mofetil", CONFOUNDER, "68149", synonyms="mycophenolate, mycophenolic acid"),
    _other("ciclosporin", CONFOUNDER, "3008", synonyms="cyclosporin, cyclosporine"),
    _other("cyclophosphamide", CONFOUNDER, "3002"),
    _other("leflunomide", CONFOUNDER, "27169"),
    _other("ruxolitinib", CONFOUNDER, "1193326"),
    _other("etoposide", CONFOUNDER, "4179"),
    _other("colchicine", CONFOUNDER, "2683"),
    _other(
        "co-trimoxazole",
        CONFOUNDER,
        "10831 10180 10829",
        synonyms="cotrimoxazole, sulfamethoxazole, sulphamethoxazole, trimethoprim",
    ),
    _other("clozapine", CONFOUNDER, "2626"),
    _other("methimazole", CONFOUNDER, "6835", synonyms="thiamazole"),
    _other("propylthiouracil", CONFOUNDER, "8794"),
    _other("ganciclovir", CONFOUNDER, "4678"),
    _other("valganciclovir", CONFOUNDER, "275891"),
    _other("linezolid", CONFOUNDER, "190376"),
    _other("dapsone", CONFOUNDER, "3108"),
    _other("flucytosine", CONFOUNDER, "4451"),
    _other("valproate", CONFOUNDER, "40254", synonyms="valproic acid, divalproex"),
    _other("levetiracetam", CONFOUNDER, "114477"),
    _other("carbamazepine", CONFOUNDER, "2002"),
    _other("deferiprone", CONFOUNDER, "11645"),
    _other("procainamide", CONFOUNDER, "8700"),
    _other("ticlopidine", CONFOUNDER, "10594"),
    _other("rituximab", CONFOUNDER, "121191"),
    _other("metamizole", CONFOUNDER, "", "780831000", synonyms="metamizol, dipyrone"),
    _other("carbimazole", CONFOUNDER, "", "395831005"),
)

# Recognised, but in no group that a rule asks about.
OTHERS = (_other("emapalumab", NO_GROUP, "2104604"),)

ROWS = (*BIOLOGICS, *TNF_BLOCKERS, *GLUCOCORTICOIDS, *WHITE_CELL_FACTORS, *CONFOUNDERS, *OTHERS)
