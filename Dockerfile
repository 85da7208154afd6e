# docker build -t xlbill . && docker run --rm -v "$PWD:/work" xlbill bill 2026-04
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /dist

FROM python:3.12-slim
# What is installed besides, such as [dask] (compose.dask.yml).
ARG EXTRAS=""
# LibreOffice prints invoices to PDF (--pdf); leave both lines out where nobody asks for it.
RUN apt-get update && apt-get install -y --no-install-recommends libreoffice-calc-nogui fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /dist/*.whl /tmp/
RUN pip install --no-cache-dir "$(ls /tmp/*.whl)${EXTRAS}" && rm /tmp/*.whl && useradd --create-home finance
USER finance
ENV PYTHONUTF8=1 LANG=C.UTF-8
WORKDIR /work
ENTRYPOINT ["xlbill"]
