import { ArcValue } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const book = ArcValue.from({
  title: "Moby-Dick",
  tags: ["sea", "whale"],
  author: { name: "Melville", born: 1819 },
  cover: new Uint8Array([255, 0]),
  sold: 2n ** 60n,
});
say("keys", book.keys(), "has", book.has("tags"), book.has("isbn"), book.has("toString"));
say(book.get("author").get("name").toJS(), book.get("isbn"), book.get("title").get("x"));
const tags = book.get("tags");
say(tags.size, tags.at(0).toJS(), tags.at(-1).toJS(), tags.at(2), tags.at(0.5), tags.at(-3));
say(
  "in a loop",
  Array.from(tags, (tag) => tag.toJS()),
  Array.from(book, (part) => part.category),
);
say("nothing in a number", [...ArcValue.from(7)], ArcValue.from(7).keys());
say(JSON.parse(JSON.stringify(book)));
const kept = book.get("title");
book.close();
book.close();
say("closed", book.closed, kept.closed, kept.toJS());
for (const use of [() => book.toJS(), () => book.keys(), () => book.category, () => book.at(0)]) {
  say(thrown(use));
}
kept.close();
tags.close();
// The values are not closed, and may not have been collected yet.
end({ values: 14 });

// trace
// keys ["author", "cover", "sold", "tags", "title"] has true false false
// Melville undefined undefined
// 2 sea whale undefined undefined undefined
// in a loop ["sea", "whale"] ["json", "bytes", "json", "json", "json"]
// nothing in a number [] []
// {author: {born: 1819, name: "Melville"}, cover: "/wA=", sold: "1152921504606846976", tags: ["sea", "whale"], title: "Moby-Dick"}
// closed true false Moby-Dick
// LifecycleError ERR_RUNAR_CLOSED: The ArcValue has been closed
// LifecycleError ERR_RUNAR_CLOSED: The ArcValue has been closed
// LifecycleError ERR_RUNAR_CLOSED: The ArcValue has been closed
// LifecycleError ERR_RUNAR_CLOSED: The ArcValue has been closed
// end
// exit 0
