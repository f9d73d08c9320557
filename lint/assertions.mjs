// What the types cannot show is checked while it runs. A cast that stays says why it holds; `a[i]!` is for loops whose
// bounds are the array's.

/** Casts without a reason beside them, and assertions that something is there. */
export function checkAssertions(context) {
  const { sourceCode } = context;
  return {
    TSAsExpression(node) {
      if (node.typeAnnotation.typeName?.name === "const") return;
      if (!isReasoned(node, sourceCode))
        context.report({ node, message: "A cast has its reason in a comment right before it." });
    },
    TSNonNullExpression(node) {
      const { expression } = node;
      if (expression.type === "MemberExpression" && expression.computed) return;
      context.report({ node, message: "Whether it is there is checked, or said by its type." });
    },
  };
}

/** Whether a comment stands before a node's line, before the first line of what it is about, or before its statement. */
export function isReasoned(node, sourceCode) {
  const lines = sourceCode.text.split("\n");
  const isCommented = (line) => /^\s*(\/\/|\*|\/\*)/.test(lines[line - 2] ?? "");
  const first = sourceCode.text.slice(0, node.start).split("\n").length;
  const last = sourceCode.text.slice(0, node.end).split("\n").length;
  return [first, last, ...statementLines(node, sourceCode)].some(isCommented);
}

/** The first lines of the statements around a node, up to the innermost function. */
function statementLines(node, { text }) {
  const found = [];
  for (let at = node.parent; at && !/Function|Program|Class/.test(at.type); at = at.parent)
    if (/Declaration$|Statement$/.test(at.type) && at.type !== "BlockStatement")
      found.push(text.slice(0, at.start).split("\n").length);
  return found;
}
