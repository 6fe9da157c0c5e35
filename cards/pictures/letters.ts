/**
 * A lettering of strokes, as a plotter writes: no font has to be installed or shipped where pictures are drawn. Each line is
 * a character and its strokes; a point is two digits, x then y, with the baseline at y = 2, small letters up to 6, capitals
 * up to 8. A stroke that begins with `~` is rounded.
 */
const TABLE = `
a ~4536160503123243 4642
b 0802 ~0516364543321203
c ~4536160503123243
d 4842 ~4536160503123243
e 0444 ~444536160503123243
f ~38281712 0636
g ~4536160503123243 ~4641301001
h 0802 ~0516364542
i 0602 0807
j ~2621100001 2827
k 0802 3603 1532
l 0802
m 0602 ~0516263532 ~3546566562
n 0602 ~0516364542
o ~051636454332120305
p 0600 ~0516364543321203
q 4640 ~4536160503123243
r 0602 ~04152636
s ~45361605143443321203
t ~18132232 0636
u ~0603123243 4642
v 062246
w 0612365266
x 0642 0246
y 0622 461000
z 06460242
A 022842 1434
B 0802 ~083847463505 ~053544433202
C ~4738180703123243
D 0802 ~082846442202
E 48080242 0535
F 480802 0535
G ~473818070312324345 4525
H 0802 4842 0545
I 0802
J ~3833221203
K 0802 4804 1542
L 080242
M 0208254842
N 02084248
O ~183847433212030718
P 0802 ~083847463505
Q ~183847433212030718 2442
R 0802 ~083847463505 2542
S ~473818070615354443321203
T 0848 2822
U ~080312324348
V 082248
W 0812365268
X 0842 0248
Y 082548 2522
Z 08480242
0 ~183847433212030718
1 172822 1232
2 ~071838474602 0242
3 ~07183847463525 ~25354443321203
4 32380444
5 480805 ~05354443321203
6 ~473818070312324344351504
7 084812
8 ~15060718384746351504031232434435
9 ~463515060718384743321203
. 0203
, 0301
- 0535
− 0545
+ 0545 2723
% 4802 ~0818170708 ~3343423233
( ~18060412
) ~08161402
: 0203 0506
/ 0248
= 0444 0646
< 360432
> 063402
€ ~4738180703123243 0636 0434
? ~07183847462524 2322
`;

type Point = readonly [x: number, y: number];
export interface Stroke {
  points: readonly Point[];
  rounded: boolean;
}
interface Glyph {
  strokes: readonly Stroke[];
  width: number;
}

const BASELINE = 2;
const SPACE = 3;
/** Between two letters. */
const GAP = 1.7;
/** From the baseline to the top of a capital. */
export const CAPITAL = 6;

const GLYPHS: ReadonlyMap<string, Glyph> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line): [string, Glyph] => {
      const [name = '', ...written] = line.split(' ');
      const strokes = written.map((stroke): Stroke => {
        const digits = stroke.replace('~', '');
        const points = Array.from(
          { length: Math.floor(digits.length / 2) },
          (_, index): Point => [Number(digits[2 * index]), Number(digits[2 * index + 1]) - BASELINE],
        );
        return { points, rounded: stroke.startsWith('~') };
      });
      const width = Math.max(...strokes.flatMap(({ points }) => points.map(([x]) => x)));
      return [name, { strokes, width }];
    }),
);

const glyphOf = (letter: string): Glyph | undefined =>
  letter === ' ' ? undefined : (GLYPHS.get(letter) ?? GLYPHS.get('?'));

/** How wide a text is, in units of the table. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (glyphOf(letter)?.width ?? SPACE - GAP) + GAP, -GAP);

/** The strokes of a text that begins at 0 on the baseline, y upwards, in units of the table. */
export function strokesOf(text: string): Stroke[] {
  let at = 0;
  return [...text].flatMap((letter) => {
    const glyph = glyphOf(letter);
    const here = at;
    at += (glyph?.width ?? SPACE - GAP) + GAP;
    return (glyph?.strokes ?? []).map(({ points, rounded }) => ({
      points: points.map(([x, y]): Point => [x + here, y]),
      rounded,
    }));
  });
}
