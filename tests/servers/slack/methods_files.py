"""Web API: files, and their upload and download."""

import mimetypes
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.servers.slack import events
from tests.servers.slack.methods_chat import app_message, check_content, find_channel
from tests.servers.slack.web_api import Args, Refusal, method
from tests.servers.slack.workspace import File

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to Double</body></html>"


def keep_file(slack: "SlackServer", user: str, name: str, content: bytes, *, mimetype: str, **more: Any) -> File:
    """Keep a file of ``user``; ``more`` are further fields of Slack's JSON of it."""
    file_id = slack.workspace.new_id("F")
    address = f"{slack.root_url}/files-pri/{slack.workspace.team_id}-{file_id}/{name}"
    data = {
        "id": file_id,
        "name": name,
        "title": name,
        "mimetype": mimetype,
        "filetype": (mimetypes.guess_extension(mimetype) or f".{name.rsplit('.', 1)[-1]}")[1:],
        "user": user,
        "mode": "hosted",
        "size": len(content),
        "is_external": False,
        "is_public": False,
        "url_private": address,
        "url_private_download": address,
        "permalink": f"https://{slack.workspace.domain}.slack.com/files/{user}/{file_id}/{name}",
        "file_access": "visible",
        **more,
    }
    file = slack.workspace.files[file_id] = File(file_id, content, data)
    return file


async def serve_file(slack: "SlackServer", request: web.Request) -> web.Response:
    """A download: the file for a bearer with ``files:read``, else Slack's login page, with status 200."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = slack.tokens.get(bearer) == "bot" and "files:read" in slack.manifest.scopes
    file = slack.workspace.files.get(request.match_info["file"].split("-", 1)[-1])
    if not allowed:
        slack.journal.violate("file_without_token", request.path)
        return web.Response(text=LOGIN_PAGE, content_type="text/html")
    if file is None:
        return web.Response(status=404)
    return web.Response(body=file.content, content_type=file.data["mimetype"])


async def serve_upload(slack: "SlackServer", request: web.Request) -> web.Response:
    """The middle of an upload: the bytes."""
    file = slack.workspace.files.get(request.match_info["file"])
    if file is None:
        return web.Response(status=404)
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        field = next(iter(form.values()))
        file.content = field.file.read() if isinstance(field, web.FileField) else str(field).encode()
    else:
        file.content = await request.read()
    return web.Response(text=f"OK - {len(file.content)}")


@method("files.getUploadURLExternal", "files:write", tier=4)
def get_upload_url(slack: "SlackServer", args: Args) -> dict[str, Any]:
    name, length = str(args.must("filename")), int(args.must("length"))
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = keep_file(slack, slack.workspace.bot_user, name, b"", mimetype=mimetype)
    file.data["size"] = length
    return {"upload_url": f"{slack.root_url}/upload/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write", tier=4)
def complete_upload(slack: "SlackServer", args: Args) -> dict[str, Any]:
    found = [slack.workspace.files.get(str(each["id"])) for each in args.must("files")]
    files = [file for file in found if file is not None]
    if len(files) < len(found) or any(len(file.content) != file.data["size"] for file in files):
        raise Refusal("file_not_found")
    for file, each in zip(files, args["files"], strict=True):
        file.data["title"] = each.get("title", file.data["name"])
    if args.get("channel_id"):
        channel = find_channel(slack, args["channel_id"])
        text = {"text": args.get("initial_comment") or "", "blocks": args.get("blocks")}
        data = app_message(slack, check_content(text, text_required=False))
        data |= {"subtype": "file_share", "files": [file.data for file in files]}
        if args.get("thread_ts"):
            data["thread_ts"] = str(args["thread_ts"])
        events.heard_message(slack, slack.workspace.post(channel.id, data))
    return {"files": [{"id": file.id, "title": file.data["title"]} for file in files]}


@method("files.info", "files:read", tier=4)
def files_info(slack: "SlackServer", args: Args) -> dict[str, Any]:
    file = slack.workspace.files.get(str(args.must("file")))
    if file is None:
        raise Refusal("file_not_found")
    return {"file": file.data}
