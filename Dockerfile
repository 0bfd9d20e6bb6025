# One image, every process: `docker run IMAGE api`, `relay`, `worker NAME...`, `scheduler`, `migrate`.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/statuspages
WORKDIR /build
COPY requirements-run.lock ./
RUN /opt/statuspages/bin/pip install --require-hashes -r requirements-run.lock
COPY pyproject.toml README.md LICENSE ./
COPY eventstore eventstore
COPY service service
COPY workers workers
COPY migrations migrations
RUN /opt/statuspages/bin/pip install --no-deps .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/statuspages statuspages
COPY --from=build /opt/statuspages /opt/statuspages
ENV PATH=/opt/statuspages/bin:$PATH PYTHONUNBUFFERED=1 STATUSPAGES_DATA_DIR=/var/lib/statuspages
USER statuspages
WORKDIR /var/lib/statuspages
EXPOSE 8080
# Of the API, which is what runs by default; the other processes answer no HTTP and switch it off.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
ENTRYPOINT ["statuspages"]
CMD ["api", "--role", "all", "--host", "0.0.0.0", "--port", "8080"]
