// Writes umalqura.tsv: for each year of the Umm al-Qura calendar the Gregorian date of 1 Muharram
// and the lengths of its twelve months (bit 0 is Muharram; a set bit is 30 days, else 29).
//
// Source: ICU's islamic-umalqura calendar (licence Unicode-3.0) through JavaScript's Intl, which
// follows the tables of King Abdulaziz City for Science and Technology for 1300-1600 AH.
//
// Usage: node make_umalqura.mjs > umalqura.tsv
const DAY = 86_400_000;
const format = new Intl.DateTimeFormat("en-u-ca-islamic-umalqura-nu-latn", {
  timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric",
});
const hijri = (time) => {
  const part = Object.fromEntries(format.formatToParts(time).map((p) => [p.type, p.value]));
  return { year: parseInt(part.year), month: Number(part.month), day: Number(part.day) };
};
console.log("# Made by make_umalqura.mjs from ICU, Unicode-3.0. Do not edit. year, 1 Muharram, long months");
let time = Date.UTC(1882, 10, 1);
while (!(hijri(time).year === 1300 && hijri(time).day === 1)) time += DAY;
for (let year = 1300; year <= 1600; year += 1) {
  const start = new Date(time).toISOString().slice(0, 10);
  let long = 0;
  for (let month = 0; month < 12; month += 1) {
    const last = hijri(time + 29 * DAY);
    const is_long = last.day === 30;
    if (is_long) long |= 1 << month;
    time += (is_long ? 30 : 29) * DAY;
    if (hijri(time).day !== 1) throw new Error(`month ${month + 1} of ${year} is broken`);
  }
  console.log([year, start, long.toString(16)].join("\t"));
}
