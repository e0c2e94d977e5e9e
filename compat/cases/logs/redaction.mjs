import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

async function logged(redact, ...records) {
  const seen = [];
  const node = new Node({}, { redact, logger: ({ fields }) => seen.push(fields) });
  const iterator = node.logs();
  for (const fields of records) node.logger.info("x", fields);
  await node.closeLogs();
  for (const fields of seen) {
    const { value } = await iterator.next();
    say(fields, value.fields === fields ? "in the loop too" : "the loop sees something else");
  }
}
const login = {
  password: "p",
  payload: { card: { number: 1, owner: "ann" }, kept: true },
  headers: { "set-cookie": "c", accept: "a" },
  users: [{ email: "e", id: 1 }, { email: "f", id: 2 }, null, "text"],
  session: { token: "t" },
  token: "at the top",
};
const before = JSON.stringify(login);
const paths = [
  "password",
  "payload.card.number",
  'headers["set-cookie"]',
  "users[*].email",
  "*.token",
];
await logged(paths, login, { other: 1 }, { password: undefined });
say("the program's own is unchanged", JSON.stringify(login) === before);
await logged({ paths: ["password", "users[1]"], censor: "***" }, login);
await logged({ paths: ["password", "users[1]", "session.token"], remove: true }, login);
await logged(["a.b.c"], { a: "text" }, { a: null }, { a: { b: [1] } }, { "a.b.c": "a key" });
const none = (redact) => say(thrown(() => new Node({}, { redact })));
for (const redact of ["password", null, 5, {}, { paths: "a" }, { paths: [], mask: "x" }])
  none(redact);
for (const path of ["", ".a", "a..b", "a[", "a[b]", "a b", 5]) none([path]);
none({ paths: ["fine", "*."] });
end();

// trace
// {headers: {accept: "a", set-cookie: "[Redacted]"}, password: "[Redacted]", payload: {card: {number: "[Redacted]", owner: "ann"}, kept: true}, session: {token: "[Redacted]"}, token: "at the top", users: [{email: "[Redacted]", id: 1}, {email: "[Redacted]", id: 2}, null, "text"]} in the loop too
// {other: 1} in the loop too
// {password: "[Redacted]"} in the loop too
// the program's own is unchanged true
// {headers: {accept: "a", set-cookie: "c"}, password: "***", payload: {card: {number: 1, owner: "ann"}, kept: true}, session: {token: "t"}, token: "at the top", users: [{email: "e", id: 1}, "***", null, "text"]} in the loop too
// {headers: {accept: "a", set-cookie: "c"}, payload: {card: {number: 1, owner: "ann"}, kept: true}, session: {}, token: "at the top", users: [{email: "e", id: 1}, undefined, null, "text"]} in the loop too
// {a: "text"} in the loop too
// {a: null} in the loop too
// {a: {b: [1]}} in the loop too
// {a.b.c: "a key"} in the loop too
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact: expected a list of paths, or an object with paths, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact: expected a list of paths, or an object with paths, got null
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact: expected a list of paths, or an object with paths, got a number
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact: expected a list of paths, or an object with paths, got an object
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact: expected a list of paths, or an object with paths, got an object
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact.mask: unknown key, known are paths, censor, remove
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: "" is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: ".a" is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: "a..b" is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: "a[" is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: "a[b]" is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: "a b" is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact[0]: 5 is no path; write payload.password, headers["set-cookie"] or users[*].email
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.redact.paths[1]: "*." is no path; write payload.password, headers["set-cookie"] or users[*].email
// end
// exit 0
