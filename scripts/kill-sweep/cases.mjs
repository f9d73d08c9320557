// One case of the kill sweep: a training is killed, or cannot write, and what it left is looked at.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { nnc, start } from "./children.mjs";
import { CHECKPOINT, folderOf, GIVEN, LOCK, TRAININGS } from "./specs.mjs";

/** Every so many-th case trains for longer than the time between two saves, by the real clock. */
const LONG_EVERY = 11;
const LONG_MS = 14_000;
/** In short cases a save comes every tenth of a second. */
const SHORT_MS = 600;
const SHORT_CLOCK = 100;
/** How long a lock that says nothing is believed. */
const LOCK_MS = 2_100;

const PHASES = ["before the first save", "between saves", "in a save", "after the end"];

function randomOf(seed) {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const whole = (c, least, most) => least + Math.floor(c.random() * (most - least + 1));
const pick = (c, values) => values[whole(c, 0, values.length - 1)];

function checkpointOf(c) {
  const path = join(c.cwd, CHECKPOINT);
  return existsSync(path) ? readFileSync(path) : undefined;
}

const trainArgs = (c, resume) => [
  "train",
  "swept.nnspec",
  "--json",
  ...c.training.args,
  ...(resume ? ["--resume"] : []),
];

/** What makes a training take about so long, each of its lines being slowed. */
const slowed = (c, milliseconds) => ({ slow: Math.ceil(milliseconds / c.reference.lines) });
const short = (c, milliseconds = SHORT_MS) => ({ ...slowed(c, milliseconds), clock: SHORT_CLOCK });
const pace = (c) => (c.isLong ? slowed(c, LONG_MS) : short(c));

function lastEvent(stdout) {
  const lines = stdout.trim().split("\n");
  const { seconds: _, note, ...event } = JSON.parse(lines.at(-1));
  // A training that was complete when it was killed says that there is nothing left to do.
  return JSON.stringify(lines.length === 1 || note === undefined ? event : { ...event, note });
}

/** What an uninterrupted training comes to. */
const references = new Map();

function referenceOf(name) {
  if (!references.has(name)) references.set(name, makeReference(TRAININGS[name]));
  return references.get(name);
}

async function makeReference(training) {
  const c = { training, cwd: folderOf(training) };
  const { code, stdout, stderr } = await nnc(c.cwd, trainArgs(c, false));
  if (code !== 0) throw new Error(`an uninterrupted training ends with ${code}: ${stderr}`);
  const lines = stdout.trim().split("\n").length;
  const reference = { bytes: checkpointOf(c), event: lastEvent(stdout), lines };
  rmSync(c.cwd, { recursive: true });
  return reference;
}

/** The first check: there is no checkpoint, or one that loads. */
async function checkLoads(c, when) {
  if (checkpointOf(c) === undefined) return;
  const { code, stderr } = await nnc(c.cwd, ["evaluate", "swept.nnspec", "--json"]);
  if (code !== 0) c.found.push(`${when} the checkpoint does not load: ${stderr}`);
}

function checkFolder(c, when, allowed) {
  const others = readdirSync(c.cwd).filter((name) => ![...GIVEN, ...allowed].includes(name));
  if (others.length > 0) c.found.push(`${when} there is ${others.join(", ")}`);
}

/** Whether a training ended well, or was refused since another one runs. */
function checkOutcome(c, { code, stderr }, mayBeRefused) {
  if (code === 0 || (mayBeRefused && code === 1 && stderr.includes("error[NN6012]"))) return;
  c.found.push(`a training ends with ${code}: ${stderr}`);
}

function checkComplete(c, outcomes) {
  const ended = outcomes.filter(({ code }) => code === 0);
  if (ended.length === 0) return void c.found.push("no training completes");
  const { reference } = c;
  const event = ended.map(({ stdout }) => lastEvent(stdout)).find((found) => found !== reference.event);
  if (event !== undefined) c.found.push(`the last event is ${event}, uninterrupted ${reference.event}`);
  if (!checkpointOf(c)?.equals(reference.bytes))
    c.found.push("the last checkpoint is not the uninterrupted training's");
  checkFolder(c, "after a complete training", [CHECKPOINT]);
}

/** Goes on to the end, with so many trainings at once. */
async function complete(c, count = 1) {
  const resume = checkpointOf(c) !== undefined;
  const outcomes = await Promise.all(Array.from({ length: count }, () => nnc(c.cwd, trainArgs(c, resume))));
  for (const outcome of outcomes) checkOutcome(c, outcome, count > 1);
  checkComplete(c, outcomes);
}

function phaseOf(c, { signal }, before) {
  if (signal !== "SIGKILL") return "after the end";
  if (readdirSync(c.cwd).some((name) => name.endsWith(".tmp"))) return "in a save";
  const bytes = checkpointOf(c);
  const isSame = before === undefined ? bytes === undefined : bytes?.equals(before);
  return isSame ? "before the first save" : "between saves";
}

async function afterKill(c, outcome, before) {
  if (outcome.signal !== "SIGKILL") checkOutcome(c, outcome, false);
  const phase = phaseOf(c, outcome, before);
  c.kills[phase]++;
  if (c.isLong) c.longKills[phase]++;
  c.plant?.(join(c.cwd, CHECKPOINT));
  await checkLoads(c, `after a kill ${phase}`);
  await outlastLock(c);
}

function lockOf(c) {
  const path = join(c.cwd, LOCK);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** A lock is believed for a while when its training was killed before it had written it. */
async function outlastLock(c) {
  if (lockOf(c)?.endsWith("}") === false) await wait(LOCK_MS);
}

/** A call that writes, of the lock or of the first two saves; a long training's first save is the one after ten seconds. */
const fateOf = (c) => ({ at: whole(c, c.isLong ? 4 : 1, 13), how: pick(c, ["before", "after", "half"]) });

function momentOf(c) {
  if (c.isLong) return whole(c, 9500, LONG_MS);
  return whole(c, 50, 500 + SHORT_MS * 1.3);
}

/** Kills a training at a call that writes, or at a random time. */
async function kill(c, resume) {
  const before = checkpointOf(c);
  const isAtCall = c.random() < 0.5;
  const hooked = { ...pace(c), ...(isAtCall ? fateOf(c) : {}) };
  const child = start(c.cwd, trainArgs(c, resume), { hooked });
  if (!isAtCall) {
    await Promise.race([child.ended, wait(momentOf(c))]);
    child.kill();
  }
  await afterKill(c, await child.ended, before);
}

/** Kills a training, and now and then the one that goes on as well. */
async function single(c) {
  await kill(c, false);
  if (!c.isLong && c.random() < 0.4) await kill(c, checkpointOf(c) !== undefined);
  await complete(c);
}

/** Two trainings of one checkpoint: at once or one after the other. Then the lock of the killed one is taken over, by two at once. */
async function pair(c) {
  const hooked = c.isLong ? pace(c) : short(c, 4 * SHORT_MS);
  const first = start(c.cwd, trainArgs(c, false), { hooked });
  const isLater = c.random() < 0.5;
  if (isLater) await first.said('"event"');
  const second = start(c.cwd, trainArgs(c, false), { hooked });
  const refused = await Promise.race([first.ended, second.ended]);
  checkOutcome(c, refused, true);
  if (isLater && refused.code === 0) c.found.push("two trainings write one checkpoint");
  await Promise.race([Promise.all([first.ended, second.ended]), wait(momentOf(c))]);
  const other = (await endBoth([first, second])).find((outcome) => outcome !== refused);
  await afterKill(c, other, undefined);
  await complete(c, pick(c, [1, 2]));
}

function endBoth(children) {
  for (const child of children) child.kill();
  return Promise.all(children.map((child) => child.ended));
}

/** A training whose writes fail, after one that was killed when it had saved. */
async function writes(c) {
  const path = join(c.cwd, CHECKPOINT);
  const first = start(c.cwd, trainArgs(c, false), { hooked: short(c) });
  while (!existsSync(path)) await wait(5);
  first.kill();
  await afterKill(c, await first.ended, undefined);
  const [before, stale] = [checkpointOf(c), lockOf(c)];
  const isLimited = c.random() < 0.5;
  // A lock is three calls, two more where it takes a stale one over, and a save is five.
  const hooked = {
    ...pace(c),
    ...(isLimited ? {} : { at: whole(c, 1, stale === undefined ? 8 : 10), how: "fail" }),
  };
  const limit = isLimited ? { limit: whole(c, 0, Math.floor(before.length / 1024) - 1) } : {};
  const { code, stderr } = await nnc(c.cwd, trainArgs(c, true), { hooked, ...limit });
  c.failedWrites++;
  if (code !== 1 || !/error\[NN\d{4}\]/.test(stderr))
    c.found.push(`a training that cannot write ends with ${code}: ${stderr}`);
  if (!checkpointOf(c)?.equals(before)) c.found.push("a failed write changes the checkpoint");
  // The killed training's lock stays where it could not be moved.
  checkFolder(c, "after a failed write", [
    CHECKPOINT,
    ...(stale !== undefined && lockOf(c) === stale ? [LOCK] : []),
  ]);
  await complete(c);
}

const KINDS = [
  ["plain", single],
  ["staged", single],
  ["meta", single],
  ["threads", single],
  ["pair", pair],
  ["writes", writes],
];

const noKills = () => Object.fromEntries(PHASES.map((phase) => [phase, 0]));

/** Runs a case; `plant` breaks what a killed training left, so that a test sees that it is found. */
export async function runCase(seed, { plant } = {}) {
  const [kind, run] = KINDS[seed % KINDS.length];
  const c = {
    plant,
    random: randomOf(seed),
    found: [],
    kills: noKills(),
    longKills: noKills(),
    failedWrites: 0,
  };
  c.name = kind in TRAININGS ? kind : pick(c, Object.keys(TRAININGS));
  c.training = TRAININGS[c.name];
  c.reference = await referenceOf(c.name);
  c.isLong = seed % LONG_EVERY === LONG_EVERY - 1;
  c.cwd = folderOf(c.training);
  try {
    await run(c);
  } finally {
    rmSync(c.cwd, { recursive: true, force: true });
  }
  const { found, kills, longKills, failedWrites } = c;
  return { kind: kind === c.name ? kind : `${kind} of ${c.name}`, found, kills, longKills, failedWrites };
}
