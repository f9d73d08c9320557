// Names from specs, data files and checkpoints are keys of Maps. A plain object answers `constructor` with a function
// that nobody put there, and loses what is written under `__proto__`.

/** `Record<string, …>`, also behind `Readonly`, `Partial` and an array's brackets, and index signatures. */
function isRecord(type) {
  if (type?.type === "TSTypeLiteral") return type.members.some((m) => m.type === "TSIndexSignature");
  if (type?.type !== "TSTypeReference") return false;
  const [first] = type.typeArguments?.params ?? [];
  if (type.typeName.name === "Readonly" || type.typeName.name === "Partial") return isRecord(first);
  return type.typeName.name === "Record" && first?.type === "TSStringKeyword";
}

function isPlainObject(init) {
  return init?.type === "ObjectExpression" && init.properties.length === 0;
}

/** An object without a prototype: `Object.create(null)`. */
function hasNoPrototype(init) {
  const made = init?.type === "TSAsExpression" ? init.expression : init;
  return made?.type === "CallExpression" && made.callee.property?.name === "create";
}

function isFixed(key) {
  return key.type === "Literal" || (key.type === "TemplateLiteral" && key.expressions.length === 0);
}

/** The name by which an object is known in its file: `columns`, `this.columns`. */
function nameOf(node) {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  return node.object.type === "ThisExpression" ? `this.${node.property.name}` : undefined;
}

/** The parts of a function's head, or of a constructor's, that have a name and a type. */
function parametersOf(node) {
  return node.params.flatMap((parameter) => {
    const held = parameter.type === "TSParameterProperty";
    const given = held ? parameter.parameter : parameter;
    const target = given.type === "AssignmentPattern" ? given.left : given;
    if (target.type !== "Identifier") return [];
    const type = target.typeAnnotation?.typeAnnotation;
    return [{ name: target.name, type }, ...(held ? [{ name: `this.${target.name}`, type }] : [])];
  });
}

/** A text as a key of an object that may have a prototype, unless the function asks first whether the key is its own. */
export function checkPlainKeys(context) {
  // A scope says of each name that it declares whether it is such an object, and of which ones it asks for own keys.
  const file = { declared: new Map(), asked: new Set() };
  let scopes = [file];
  const accesses = [];
  const declare = (scope, name, type, init) =>
    scope.declared.set(name, isPlainObject(init) || (isRecord(type) && !hasNoPrototype(init)));
  const enter = (node) => {
    const scope = { declared: new Map(), asked: new Set() };
    for (const { name, type } of parametersOf(node))
      declare(name.startsWith("this.") ? file : scope, name, type);
    scopes = [scope, ...scopes];
  };
  const leave = () => {
    scopes = scopes.slice(1);
  };
  const isPlain = ({ name, inside }) => inside.find(({ declared }) => declared.has(name))?.declared.get(name);
  return {
    VariableDeclarator({ id, init }) {
      if (id.type === "Identifier") declare(scopes[0], id.name, id.typeAnnotation?.typeAnnotation, init);
    },
    PropertyDefinition({ key, typeAnnotation, value }) {
      if (key.type === "Identifier") declare(file, `this.${key.name}`, typeAnnotation?.typeAnnotation, value);
    },
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    "FunctionDeclaration:exit": leave,
    "FunctionExpression:exit": leave,
    "ArrowFunctionExpression:exit": leave,
    CallExpression({ callee, arguments: [object] }) {
      if (callee.type === "MemberExpression" && callee.property.name === "hasOwn" && object)
        scopes[0].asked.add(nameOf(object));
    },
    MemberExpression(node) {
      const name = node.computed && !isFixed(node.property) ? nameOf(node.object) : undefined;
      if (name !== undefined) accesses.push({ node, name, inside: scopes });
    },
    "Program:exit"() {
      for (const access of accesses) {
        if (!isPlain(access) || access.inside.some(({ asked }) => asked.has(access.name))) continue;
        const message = "A text is a key of a Map, or asked for with Object.hasOwn.";
        context.report({ node: access.node, message });
      }
    },
  };
}
