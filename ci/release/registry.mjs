// A registry on the loopback interface: it takes what `npm publish` sends, serves that, and passes on what
// is asked of other packages to the registry that npm has otherwise.
// Verdaccio does the same with 321 packages.
import { createServer } from "node:http";
import { $, fs, path } from "zx";

const OURS = /^(create-)?runar-ts(-ffi(-[\w-]+)?)?$/;

const isOurs = (name) => OURS.test(name);

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What a client may keep of an answer that is passed on. */
const PASSED_ON = ["content-type", "etag", "last-modified"];

/** Asks the other registry, in the words of the client. */
async function passOn(upstream, request, response) {
  const headers = request.headers.accept ? { accept: request.headers.accept } : {};
  const answer = await fetch(new URL(request.url.slice(1), upstream), { headers });
  for (const name of PASSED_ON) {
    if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name));
  }
  response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
}

/** The packages that were published, by their names; tarballs by their paths. */
function makeStore() {
  const documents = new Map();
  const tarballs = new Map();
  return {
    document: (name) => documents.get(name),
    tarball: (url) => tarballs.get(url),
    publish(name, sent) {
      const { _attachments: attachments, ...document } = sent;
      for (const version of Object.values(document.versions)) {
        const url = new URL(version.dist.tarball);
        const [attachment] = Object.values(attachments);
        tarballs.set(url.pathname, Buffer.from(attachment.data, "base64"));
      }
      const before = documents.get(name);
      documents.set(name, {
        ...document,
        versions: { ...before?.versions, ...document.versions },
        time: { ...before?.time, modified: new Date().toISOString() },
      });
    },
  };
}

async function answer(store, upstream, request, response) {
  const { pathname } = new URL(request.url, "http://loopback");
  const [, name] = pathname.split("/").map(decodeURIComponent);
  const json = (status, value) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (request.method === "PUT" && isOurs(name)) {
    store.publish(name, JSON.parse(await bodyOf(request)));
    return json(201, { ok: true });
  }
  if (request.method !== "GET") return json(404, {});
  if (!isOurs(name)) return passOn(upstream, request, response);
  const tarball = store.tarball(pathname);
  if (tarball !== undefined) return response.writeHead(200).end(tarball);
  const document = store.document(name);
  return document ? json(200, document) : json(404, { error: "not found" });
}

/** Does something that asks a registry, by its URL, as long as that takes. */
export async function withRegistry(work) {
  const registry = await startRegistry();
  try {
    return await work(registry.url);
  } finally {
    await registry.close();
  }
}

/** Starts a registry; returns its URL and how to end it. */
async function startRegistry() {
  const { stdout } = await $({ quiet: true })`npm config get registry`;
  const upstream = stdout.trim();
  const store = makeStore();
  const server = createServer((request, response) => {
    answer(store, upstream, request, response).catch((error) => {
      response.writeHead(502).end(String(error.cause ?? error));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Publishes tarballs, in this order, as a release does it. */
export async function publish(tarballs, registry, folder) {
  const config = path.join(folder, "npmrc");
  await fs.outputFile(config, `//${new URL(registry).host}/:_authToken=loopback\n`);
  for (const tarball of tarballs) {
    const options = ["--registry", registry, "--userconfig", config, "--access", "public"];
    await $({ quiet: true, cwd: folder })`npm publish ${tarball} ${options}`;
  }
}
