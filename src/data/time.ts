import { parseNumber } from "./number.js";

/** A point in time: seconds since 1970, and the fraction of a second apart, which a sum of both would lose by rounding. */
interface Instant {
  readonly seconds: number;
  readonly fraction: number;
  /** Whether an offset from UTC is given; without one the clock's time is taken as it stands. */
  readonly zoned: boolean;
}

/** A number for each row, in the order of the times and equal for equal ones; or the first row that cannot be compared. */
export type Times =
  { readonly values: readonly number[] } | { readonly row: number; readonly reason: string };

/** Reads a column of numbers or of ISO 8601 dates. */
export function readTimes(cells: readonly string[]): Times {
  return parseNumber(cells[0] ?? "0") === undefined ? readDates(cells) : readNumbers(cells);
}

function readNumbers(cells: readonly string[]): Times {
  const values: number[] = [];
  for (const [row, cell] of cells.entries()) {
    const value = parseNumber(cell);
    if (value === undefined) {
      const date = parseInstant(cell) !== undefined;
      return { row, reason: date ? "is a date where the rows before have numbers" : NEITHER };
    }
    values.push(value);
  }
  return { values };
}

const NEITHER = "is neither a number nor an ISO 8601 date";

function readDates(cells: readonly string[]): Times {
  const instants: Instant[] = [];
  for (const [row, cell] of cells.entries()) {
    const instant = parseInstant(cell);
    if (!instant) {
      const number = parseNumber(cell) !== undefined;
      return { row, reason: number ? "is a number where the rows before have dates" : NEITHER };
    }
    instants.push(instant);
  }
  const first = instants[0]?.zoned;
  const row = instants.findIndex(({ zoned }) => zoned !== first);
  if (row < 0) return { values: ranks(instants) };
  return { row, reason: `has ${first ? "no" : "an"} offset from UTC, unlike the rows before` };
}

function ranks(instants: readonly Instant[]): number[] {
  const order = instants.map((_, row) => row).sort((a, b) => compare(instants[a]!, instants[b]!));
  const values = instants.map(() => 0);
  order.forEach((row, i) => {
    const before = order[i - 1];
    if (before === undefined) return;
    values[row] = values[before]! + (compare(instants[before]!, instants[row]!) === 0 ? 0 : 1);
  });
  return values;
}

function compare(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.fraction - b.fraction;
}

const EXTENDED =
  /^(\d{4})-(?:(\d\d)(?:-(\d\d))?|(\d{3})|W(\d\d)(?:-([1-7]))?)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d))?)?([.,]\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
/** Only with a time of day: a date alone in this format is a number, and sorts correctly as such. */
const BASIC =
  /^(\d{4})(?:(\d\d)(\d\d)|(\d{3})|W(\d\d)([1-7]))T(\d\d)(?:(\d\d)(?:(\d\d))?)?([.,]\d+)?(Z|[+-]\d\d(?:\d\d)?)?$/;
/** A week, or a day of one; the `W` tells it from a number. */
const BASIC_WEEK = /^(\d{4})W(\d\d)([1-7])?$/;

/** Reads an ISO 8601 date, with or without a time of day (also with RFC 3339's blank between them). */
function parseInstant(text: string): Instant | undefined {
  const week = BASIC_WEEK.exec(text);
  const found = EXTENDED.exec(week ? `${week[1]}-W${week[2]}${week[3] ? `-${week[3]}` : ""}` : text);
  const parts = found ?? BASIC.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, ordinal, weekNumber, weekday, ...time] = parts;
  const date =
    weekNumber !== undefined
      ? weekDay(Number(year), Number(weekNumber), Number(weekday ?? 1))
      : ordinal !== undefined
        ? ordinalDay(Number(year), Number(ordinal))
        : calendarDay(Number(year), Number(month), Number(day ?? 1));
  const clock = timeOfDay(time);
  const whole = (day ?? ordinal ?? weekday) !== undefined;
  if (date === undefined || !clock || (time[0] !== undefined && !whole)) return undefined;
  return { ...clock, seconds: date * 86_400 + clock.seconds };
}

/** Midnight of a date of the Gregorian calendar; a day past the end of a month is one of the next month. */
function midnight(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

function daysSince1970(date: Date): number {
  return date.getTime() / 86_400_000;
}

/** Days since 1970 of a date, if there is one. */
function calendarDay(year: number, month: number, day: number): number | undefined {
  const date = midnight(year, month, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return daysSince1970(date);
}

function ordinalDay(year: number, day: number): number | undefined {
  const first = daysSince1970(midnight(year, 1, 1));
  const last = daysSince1970(midnight(year, 12, 31));
  return day >= 1 && first + day <= last + 1 ? first + day - 1 : undefined;
}

/** Week 1 is the one with the year's first Thursday. */
function weekDay(year: number, week: number, day: number): number | undefined {
  const start = weekOne(year) + (week - 1) * 7;
  return week >= 1 && start < weekOne(year + 1) ? start + day - 1 : undefined;
}

function weekOne(year: number): number {
  const fourth = daysSince1970(midnight(year, 1, 4));
  // 1970 began on a Thursday.
  return fourth - ((((fourth + 3) % 7) + 7) % 7);
}

function timeOfDay([hour, minute, second, decimals, offset]: readonly (string | undefined)[]):
  Instant | undefined {
  if (hour === undefined) return { seconds: 0, fraction: 0, zoned: false };
  const [h, m, s] = [Number(hour), Number(minute ?? 0), Number(second ?? 0)];
  const east = offsetOf(offset);
  // 24:00 is the end of a day, and :60 a leap second.
  const end = h === 24 && m === 0 && s === 0 && Number((decimals ?? "0").slice(1)) === 0;
  if ((h > 23 && !end) || m > 59 || s > 60 || east === undefined) return undefined;
  // A decimal fraction belongs to the last of hour, minute and second that is written.
  const unit = second !== undefined ? 1 : minute !== undefined ? 60 : 3600;
  const rest = decimals === undefined ? 0 : Number(`0.${decimals.slice(1)}`) * unit;
  const whole = Math.floor(rest);
  return {
    seconds: h * 3600 + m * 60 + s + whole - east,
    fraction: rest - whole,
    zoned: offset !== undefined,
  };
}

/** Seconds east of Greenwich. */
function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "Z") return 0;
  const digits = text.slice(1).replace(":", "");
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2) || 0)];
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}
