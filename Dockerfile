# The server without a database: it needs DATABASE_URL and ENCRYPTION_KEY. docker-compose.yml is an example.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Includes optional dependencies, which contain the native part of the bundler.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json nest-cli.json rolldown.config.js rolldown.plugins.js ./
COPY migrations migrations
COPY sdk/src sdk/src
COPY dashboard dashboard
COPY src src
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional
# The packages of the image. Those bundled in the dashboard are in dist/dashboard/licenses.json.
# npm counts packages that are left out as missing, so this stage forgets them.
RUN npm pkg delete devDependencies optionalDependencies overrides && npm sbom --sbom-format=cyclonedx >sbom.json

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 TRUSTED_PROXIES=none FILES_DIR=/var/lib/gatehouse/files
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/sbom.json ./
COPY --from=build /app/dist dist
# Needed by "npm run -s gatehouse" in the container.
COPY package.json ./
COPY src/programs/cli/launch.js src/programs/cli/launch.js
# A new volume copies this folder, which the server can write to.
RUN install --directory --owner=node --group=node /var/lib/gatehouse/files
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
