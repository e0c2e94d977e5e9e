import { startServer } from "./server.js";

const server = await startServer(Number(process.env.PORT ?? 3000));
console.log(`listening at ${server.url}; Ctrl-C ends it`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.stop());
