# docker compose up builds and runs this. The version of Bun is the one that package.json pins; a test compares them.
ARG BUN_VERSION=1.4.5

FROM oven/bun:${BUN_VERSION}-slim AS packages
WORKDIR /app
COPY package.json bun.lock bunfig.toml ./
# What no program reads at run time is left out: a compiler that is only a peer, types, source maps.
RUN bun install --production --frozen-lockfile --ignore-scripts \
  && rm -rf node_modules/typescript node_modules/@typescript \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM oven/bun:${BUN_VERSION}-slim
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json bun.lock bunfig.toml tsconfig.json ./
COPY src src
COPY public public
RUN mkdir logs && chown bun:bun logs
ENV NODE_ENV=production HOST=0.0.0.0
USER bun
EXPOSE 8000 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --start-interval=1s \
  CMD ["bun", "-e", "process.exit((await fetch('http://127.0.0.1:8080/healthz')).ok ? 0 : 1)"]
CMD ["bun", "src/cli.ts", "start"]
