// A list that is spread into a call lies on the stack, which has room for some 120,000 items: a file, a spec or a caller decides how
// long most lists are.
import { isReasoned } from "./assertions.mjs";

const adding = new Set(["push", "unshift", "splice"]);
const native = new Map([
  ["Math", new Set(["max", "min", "hypot"])],
  ["String", new Set(["fromCharCode", "fromCodePoint"])],
]);

/** Lists spread into native functions that take any number of arguments, without a reason beside them. */
export function checkSpreads(context) {
  const { sourceCode } = context;
  return {
    CallExpression(node) {
      const { callee } = node;
      if (callee.type !== "MemberExpression" || callee.computed) return;
      const { name } = callee.property;
      if (!adding.has(name) && !native.get(callee.object.name)?.has(name)) return;
      if (!node.arguments.some(({ type }) => type === "SpreadElement")) return;
      if (!isReasoned(node, sourceCode))
        context.report({
          node,
          message:
            "A long list overflows the stack: loop over it, or say in a comment right before why it is short.",
        });
    },
  };
}
