// What is made of the config's JSON Schema: its TypeScript type and its page.
import { compile } from "json-schema-to-typescript";

/** The TypeScript type of the config. */
export function configType(schema, header) {
  const described = JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (value?.description === undefined) return value;
    const { $ref, default: fallback, ...rest } = value;
    if (fallback !== undefined) rest.description += ` Default: \`${JSON.stringify(fallback)}\`.`;
    // The compiler takes a description beside a reference for that of the type.
    return $ref === undefined ? rest : { ...rest, allOf: [{ $ref }] };
  });
  return compile(described, schema.title, {
    bannerComment: `// ${header}`,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 100 },
  });
}

/** The page that lists the keys of the config, a table for each object. */
export function configPage(schema, header) {
  const resolve = ({ $ref, ...rest }) =>
    $ref === undefined ? rest : { ...schema.$defs[$ref.split("/").at(-1)], ...rest };
  const anchor = (title) =>
    `#${title
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-")}`;
  const oneLine = (text) => text.replaceAll("\n", " ").replaceAll("|", "\\|");
  const sections = [];
  const ours = [];

  function type(one, path) {
    const { type: name, enum: names, items, additionalProperties } = resolve(one);
    if (names !== undefined) return names.map((name) => `\`${name}\``).join(", ");
    if (name === "array") return `list of ${type(items, `${path}[]`)}`;
    if (name === "integer") return "whole number";
    if (name !== "object") return name;
    if (additionalProperties) return `object of ${type(additionalProperties, path)}`;
    return `[object](${anchor(path)})`;
  }

  function table(object, path) {
    const { description, properties, required = [] } = object;
    const keys = Object.entries(properties).map(([key, one]) => {
      const at = path === "" ? key : `${path}.${key}`;
      if (one.description.includes("Not in Rust's")) ours.push(at);
      return { key, one, at };
    });
    const rows = keys.map(({ key, one, at }) => {
      const fallback = one.default === undefined ? "" : `\`${JSON.stringify(one.default)}\``;
      const without = required.includes(key) ? "required" : fallback;
      return `| \`${key}\` | ${type(one, at)} | ${without} | ${oneLine(one.description)} |`;
    });
    const head = "| key | type | default | meaning |\n|---|---|---|---|";
    const heading = path === "" ? "" : `## ${path}\n\n`;
    sections.push(`${heading}${description}\n\n${head}\n${rows.join("\n")}\n`);
    for (const { one, at } of keys) {
      // The description of the type: that of the key is in the table above.
      const inner = resolve({ $ref: (one.items ?? one).$ref });
      if (inner.properties) table(inner, one.items ? `${at}[]` : at);
    }
  }

  table(schema, "");
  const listed = ours.map((path) => `- \`${path}\``).join("\n");
  return `<!-- ${header} -->

# The config

The first argument of \`new Node(config, options)\`. A key that is not listed here is refused by name.
The same as a JSON Schema, for editors and validators: \`runar-ts/config.schema.json\`. Whole
numbers go from 1 to 4294967295.

${sections.join("\n")}
## Keys that Rust does not have

${listed || "None."}
`;
}
