# docker build -t bagel .

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release && cp target/release/bagel /bagel
RUN mkdir /data

# libc, libgcc and CA certificates; no shell, no package manager.
FROM gcr.io/distroless/cc-debian12
COPY --from=build /bagel /bagel
# A new volume takes over this owner.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
# The only place that is written: the ledger, and the demo's scratch folder.
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:///data/bagel.db \
    BAGEL_BIND=0.0.0.0:8080 \
    TMPDIR=/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["/bagel", "healthcheck"]
ENTRYPOINT ["/bagel"]
