"""The Slack app as api.slack.com/apps takes it: reached over a socket that we open, or at an address of ours."""

from importlib.resources import files

HOST = "https://debrief.example.com"


def manifest(url: str | None = None) -> str:
    """bot/manifest.yaml for Socket Mode, where nothing of ours has to be reachable, or for this address."""
    lines = files("bot").joinpath("manifest.yaml").read_text("utf-8").splitlines()
    wanted = [line for line in lines if not line.startswith("#")]
    if url:
        return "".join(f"{line}\n" for line in wanted).replace(HOST, url.rstrip("/"))
    kept = [line for line in wanted if HOST not in line]
    return "".join(f"{line}\n" for line in kept).replace("socket_mode_enabled: false", "socket_mode_enabled: true")
