"""The import order: every module imports only from its left.

    emulation_bloc.lib < members < covenants < fund < events < scoring < emulation_bloc

and inside an app: models < queries, rules < act modules < forms < views < urls. Checked on syntax
trees, so imports inside functions count, and dotted names in strings too ("members.User" in a
ForeignKey, importlib); docstrings and sentences do not.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["emulation_bloc", "members", "covenants", "fund", "events", "scoring"]
ORDER = ["emulation_bloc.lib", "members", "covenants", "fund", "events", "scoring"]
ORDER += ["emulation_bloc"]

# The rooms of each app in the order of the work; a module imports only from its own room and from
# those before it. What an app is asked by the project (ANSWERS) may look into all of them.
ROOMS = {
    "members": ["records", "people", "history", "years", "pages"],
    "covenants": ["laws", "papers", "signing", "adoption"],
    "fund": ["dues", "vouchers", "ledger", "closing"],
    "events": ["conferences", "movements", "exemplars", "exchange"],
    "scoring": ["scale", "sheets", "appraising", "result", "papers"],
}
ANSWERS = ["obligations", "merger_effects", "timeline_events", "closing"]
LAST = ["ANSWERS", "forms", "views", "urls", "apps"]
IN_LAST = {
    **dict.fromkeys(ANSWERS, "ANSWERS"),
    **dict.fromkeys(["admin", "administration"], "views"),
    "templatetags": "views",
    "public_urls": "urls",
    "account_urls": "urls",
    **dict.fromkeys(["management", "migrations", "settings", "wsgi"], "apps"),
}
# Pure, without model and request: below the models, which store what they compute.
PURE = ["formulas", "computing"]
# Beside the rooms stand modules that all rooms of the app need: its root.
NAMES_OF_LAYERS = {*PURE, *LAST, *IN_LAST, "models"}
DOTTED = re.compile(rf"({'|'.join(PACKAGES)})(\.\w+)+")
# Functions that take the name of an app, or of a module, as a string.
TAKING_NAMES = {"import_module", "__import__", "get_model", "get_app_config", "is_installed"}


class Reference(NamedTuple):
    line: int
    target: str


def violations(root: Path) -> list[str]:
    """Every reference below `root` that points upwards, as a sentence."""
    return [
        f"{path.relative_to(root)}:{line} reaches up to {target}"
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        for line, target in references(path.read_text(), module_name(path, root))
        if points_upwards(module_name(path, root), target)
    ]


def module_name(path: Path, root: Path) -> str:
    """A package keeps its __init__ in the name: so one dot always takes one part away."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


def references(source: str, module: str) -> Iterator[Reference]:
    """The full names of ours that the source of `module` imports or names in a string."""
    for node in ast.walk(ast.parse(source)):
        for target in targets(node, module):
            if target.split(".")[0] in PACKAGES:
                yield Reference(getattr(node, "lineno", 0), target)


def targets(node: ast.AST, module: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=base, names=names, level=level):
            package = module.split(".")[:-level] if level else []
            prefix = ".".join([*package, *([base] if base else [])])
            return [f"{prefix}.{alias.name}" for alias in names]
        case ast.Constant(value=str(text)) if DOTTED.fullmatch(text):
            return [] if may_be_permission_of_own_app(text, module) else [text]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in TAKING_NAMES:
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            return [a.value for a in arguments if isinstance(a, ast.Constant) and a.value in ORDER]
    return []


def may_be_permission_of_own_app(text: str, module: str) -> bool:
    """In a string of covenants, "covenants.sign" is a permission rather than an act module."""
    return app_of(text) == app_of(module) and text.split(".")[1] not in NAMES_OF_LAYERS


def points_upwards(module: str, target: str) -> bool:
    """Does `module` reach what stands above it, be it another app or a layer of its own?"""
    if app_of(module) != app_of(target):
        return ORDER.index(app_of(target)) > ORDER.index(app_of(module))
    return is_module_of_app(target) and layer_of(target) > layer_of(module)


def app_of(name: str) -> str:
    return next(app for app in ORDER if f"{name}.".startswith(f"{app}."))


def is_module_of_app(name: str) -> bool:
    """True of "members.models.User" and "members.audit", not of "members" or "members.User"."""
    rest = name.split(".")[1:]
    return bool(rest) and app_of(name) != "emulation_bloc.lib" and rest[0].islower()


def layer_of(name: str) -> int:
    """How far up a module stands in its app: 0 the lowest."""
    app, place = name.split(".")[:2]
    rooms = ROOMS.get(app, [])
    layers = [*PURE, "models", "ROOT", *rooms, *LAST]
    if place in rooms:
        return layers.index(place)
    place = IN_LAST.get(place, place)
    return layers.index(place if place in layers else "ROOT")


def test_every_module_imports_only_from_below() -> None:
    assert violations(ROOT) == []


def test_the_walk_reaches_all_six_packages() -> None:
    assert [package for package in PACKAGES if not list((ROOT / package).rglob("*.py"))] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("members/audit.py", "from covenants.models import Party"),
        ("members/audit.py", "import scoring"),
        ("members/audit.py", "def late():\n    from fund import ledger"),
        ("members/audit.py", "if TYPE_CHECKING:\n    from events.models import Event"),
        ("members/audit.py", "from emulation_bloc import views"),
        ("members/audit.py", "importlib.import_module('scoring.ranking')"),
        ("members/audit.py", "import_module('.ranking', package='scoring')"),
        ("members/audit.py", "apps.get_model('covenants', 'Party')"),
        ("members/audit.py", "user.has_perm('covenants.sign', party)"),
        ("members/models/people.py", "ForeignKey('covenants.Party', on_delete=PROTECT)"),
        ("members/migrations/0001_initial.py", "dependencies = [('x', 'y')]; import fund.models"),
        ("emulation_bloc/lib/pdf.py", "from members.models import Board"),
        ("emulation_bloc/lib/pdf.py", "from .. import checks"),
        ("scoring/ranking.py", "from emulation_bloc.handover import close"),
        # inside an app
        ("fund/models.py", "from . import queries"),
        ("fund/models/ledger.py", "from ..rules import may_post"),
        ("fund/queries.py", "from .ledger import post"),
        ("fund/rules.py", "from .ledger import post"),
        ("fund/ledger.py", "from .forms import VoucherForm"),
        ("fund/ledger.py", "def act():\n    from fund.views import page"),
        ("fund/forms.py", "import fund.views"),
        ("fund/ledger.py", "import_module('fund.views')"),
        ("fund/views.py", "from .urls import urlpatterns"),
        ("fund/views.py", "from .management.commands import run_due"),
    ],
)
def test_a_reference_upwards_is_found(tmp_path: Path, path: str, source: str) -> None:
    plant(tmp_path, path, source)
    assert len(violations(tmp_path)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("covenants/signing.py", "from members import audit\nfrom emulation_bloc.lib import pades"),
        ("covenants/models/party.py", "ForeignKey('members.Board', on_delete=PROTECT)"),
        ("covenants/models/party.py", "from .papers import Paper\nForeignKey('covenants.Paper')"),
        ("covenants/signing.py", "from . import moves, sealing\nfrom .models import Party"),
        ("covenants/rules.py", "from .queries import open_parties"),
        (
            "covenants/rules.py",
            "from members.permissions import allow\nallow('covenants.sign', is_leader)",
        ),
        ("members/rules.py", "from .permissions import allow"),
        ("covenants/views/wall.py", "from ..forms import SignForm\nfrom .sign import sign"),
        ("covenants/admin.py", "from . import signing\nfrom .models import Party"),
        ("covenants/apps.py", "def ready(self):\n    from . import rules, signing"),
        ("scoring/queries.py", "import covenants.queries\nfrom fund import queries"),
        ("emulation_bloc/handover.py", "from scoring import ranking\nimport members.models"),
        (
            "emulation_bloc/lib/pades/__init__.py",
            "from .stamps import draw\nfrom ..text import nfc",
        ),
        ("members/audit.py", "'''Called by covenants.signing and fund.ledger.'''\nimport django"),
    ],
)
def test_a_reference_downwards_is_allowed(tmp_path: Path, path: str, source: str) -> None:
    plant(tmp_path, path, source)
    assert violations(tmp_path) == []


def plant(root: Path, path: str, source: str) -> None:
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(source)


def test_the_place_and_the_target_are_named(tmp_path: Path) -> None:
    plant(tmp_path, "members/audit.py", "import os\n\nfrom fund import ledger\n")
    assert violations(tmp_path) == ["members/audit.py:3 reaches up to fund.ledger"]


# --- Rings ----------------------------------------------------------------------------------------


def imports(root: Path) -> dict[str, set[str]]:
    """Each module of ours with the modules of ours that it imports, wherever in the file."""
    paths = {
        module_name(path, root).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
        if "migrations" not in path.parts
    }
    return {
        name: {
            found
            for _line, target in references(path.read_text(), module_name(path, root))
            for found in [target if target in paths else target.rpartition(".")[0]]
            if found in paths and found != name
        }
        for name, path in paths.items()
    }


def rings(graph: dict[str, set[str]]) -> list[str]:
    """The modules that import themselves by way of others, apart from packages: their `__init__`
    gathers what the modules below it offer."""
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = imports(ROOT)
    modules = {name for name in graph if not any(f"{name}." in other for other in graph)}
    modules.remove("emulation_bloc.settings")  # names the addresses, which read the settings
    assert rings({name: graph[name] & modules for name in modules}) == []


def test_a_ring_is_found(tmp_path: Path) -> None:
    for name, other in (("audit", "files"), ("files", "outbox"), ("outbox", "audit")):
        path = tmp_path / "members" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"def late():\n    from members.{other} import act\n")
    assert set(rings(imports(tmp_path))) == {"members.audit", "members.files", "members.outbox"}
