"""docker-compose.yml and the Dockerfile, tried without an engine: each command, over one PostgreSQL."""

import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings
from tests.app.conftest import ROOT, Process
from tests.servers.ports import free_port, until
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.slow

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name in SERVICES if name not in {"postgres", "proxy"}]
Start = Callable[..., Process]


def settings_of(service: str, url: str, **more: str) -> dict[str, str]:
    return {**SERVICES[service].get("environment", {}), "DEBRIEF_DATABASE_URL": url, **more}


def healthy(service: str, settings: dict[str, str]) -> bool:
    """Whether the service's own health check passes; 8420 is the port within the container."""
    kind, program, *arguments = SERVICES[service]["healthcheck"]["test"]
    assert ("CMD", "python") == (kind, program)
    arguments = [one.replace("8420", settings.get("DEBRIEF_PORT", "8420")) for one in arguments]
    return subprocess.run([sys.executable, *arguments], env=settings, capture_output=True, check=False).returncode == 0


@pytest.mark.servers
def test_the_services_work_together_over_one_database(postgres: Postgres, start: Start) -> None:
    url = postgres.database()
    too_early = start(SERVICES["worker"]["command"], settings_of("worker", url))
    assert 2 == too_early.popen.wait(timeout=60)
    assert "run `debrief migrate`" in too_early.output
    migrate = start(SERVICES["migrate"]["command"], settings_of("migrate", url))
    assert 0 == migrate.popen.wait(timeout=60), migrate.output
    port = free_port()
    served = settings_of("serve", url, DEBRIEF_PORT=str(port))
    running = {
        "serve": start(SERVICES["serve"]["command"], served),
        "worker": start(SERVICES["worker"]["command"], settings_of("worker", url)),
        "ingest": start(
            SERVICES["ingest"]["command"],
            settings_of("ingest", url, DEBRIEF_MAILBOX__HOST="127.0.0.1", DEBRIEF_MAILBOX__PORT=str(free_port())),
        ),
    }
    running["serve"].says(f":{port}/")
    running["worker"].says("working as worker-1")
    running["ingest"].says("watching INBOX")
    until(lambda: healthy("serve", served), "the web server is healthy")
    assert healthy("worker", settings_of("worker", url))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
        assert 200 == answer.status
    for name, process in running.items():
        assert 0 == process.ends(signal.SIGTERM), (name, process.output)
        assert "Traceback" not in process.output
    assert not healthy("serve", served)


def test_no_page_without_sign_in_is_served_beyond_the_container() -> None:
    serve = SERVICES["serve"]
    assert not Settings(_env_file=None, host=serve["environment"]["DEBRIEF_HOST"]).serves_pages
    assert ["proxy"] == [name for name, service in SERVICES.items() if "ports" in service]


def test_the_proxy_has_tls_and_no_more_rights_than_a_port_needs() -> None:
    proxy = SERVICES["proxy"]
    assert "443:443" in proxy["ports"]
    assert (["ALL"], ["NET_BIND_SERVICE"]) == (proxy["cap_drop"], proxy["cap_add"])
    assert proxy["read_only"]
    assert "service_healthy" == proxy["depends_on"]["serve"]["condition"]


def test_two_of_each_process_run_that_may_be_several() -> None:
    assert {"serve": 2, "worker": 2} == {
        name: service["deploy"]["replicas"] for name, service in SERVICES.items() if "deploy" in service
    }


def test_every_base_is_pinned_to_a_release() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    bases = [
        *re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE),
        *(SERVICES[n]["image"] for n in ("postgres", "proxy")),
    ]
    assert all(re.search(r":\d+\.\d+(\.\d+)?-\w", base) for base in bases), bases


def test_the_engine_takes_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no docker compose here")
    (tmp_path / "debrief.env").write_text((ROOT / "docs" / "debrief.env").read_text("utf-8"), "utf-8")
    (tmp_path / "docker-compose.yml").write_text((ROOT / "docker-compose.yml").read_text("utf-8"), "utf-8")
    checked = subprocess.run(
        [docker, "compose", "config", "--quiet"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert 0 == checked.returncode, checked.stderr


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_unprivileged_and_holds_no_secret(name: str) -> None:
    service = SERVICES[name]
    assert "10001:10001" == service["user"]
    assert ["ALL"] == service["cap_drop"]
    assert service["read_only"]
    assert ["debrief.env"] == service["env_file"]
    assert not [key for key in service.get("environment", {}) if re.search("PASSWORD|TOKEN|SECRET|URL", key)]


def test_what_runs_on_is_looked_at_and_waits_for_the_migration() -> None:
    running = [name for name in SERVICES if name != "migrate"]
    assert all("healthcheck" in SERVICES[name] for name in running)
    for name in ("serve", "worker", "ingest"):
        assert "service_completed_successfully" == SERVICES[name]["depends_on"]["migrate"]["condition"]


def test_the_image_holds_every_package_and_runs_as_the_user_of_the_services() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    packages = re.findall(r'"(\w+)"', re.findall(r"^packages = \[(.*)\]", project, re.MULTILINE)[0])
    assert sorted(packages) == sorted(re.findall(r"^COPY (\w+) \1$", dockerfile, re.MULTILINE))
    allowed = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert [] == [name for name in packages if f"!{name}" not in allowed]
    assert "--uid 10001" in dockerfile
    assert "USER debrief" in dockerfile
    assert 1 == len(set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)))


def test_the_example_of_the_env_file_says_where_the_database_of_the_services_is() -> None:
    lines = (ROOT / "docs" / "debrief.env").read_text("utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    host = f"@{next(name for name in SERVICES if name == 'postgres')}:5432/{values['POSTGRES_DB']}"
    assert values["DEBRIEF_DATABASE_URL"].endswith(host)
    assert "" == values["POSTGRES_PASSWORD"]


def test_the_example_is_where_the_compose_file_says(tmp_path: Path) -> None:
    head = (ROOT / "docker-compose.yml").read_text("utf-8").splitlines()[1]
    assert (ROOT / head.split("cp ")[1].split()[0]).is_file()
