# Debrief as one image; docker-compose.yml runs it as web server, worker and mailbox.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/debrief
# What it needs, at the versions it was tested with, each file known by its hash (make lock).
COPY deploy/lock deploy/lock
RUN /opt/debrief/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r deploy/lock/build.txt -r deploy/lock/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY web web
COPY bot bot
COPY mail_ingest mail_ingest
COPY capture capture
COPY digests digests
COPY jobs jobs
COPY store store
COPY parsing parsing
COPY letters letters
RUN /opt/debrief/bin/pip install --no-cache-dir --disable-pip-version-check --no-build-isolation --no-deps .

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/debrief --create-home debrief
COPY --from=build /opt/debrief /opt/debrief
ENV PATH=/opt/debrief/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /var/lib/debrief
USER debrief
EXPOSE 8420
ENTRYPOINT ["debrief"]
CMD ["run"]
