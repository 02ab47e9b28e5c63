#include "textflag.h"

// Ten vectors of four 64-bit words are four elements in radix 2^25.5, limb by
// limb: a0 to a9 and b0 to b9. The sums of products by place are in Y0 to Y9.

#define a0 0(SI)
#define a1 32(SI)
#define a2 64(SI)
#define a3 96(SI)
#define a4 128(SI)
#define a5 160(SI)
#define a6 192(SI)
#define a7 224(SI)
#define a8 256(SI)
#define a9 288(SI)

#define b0 0(DX)
#define b1 32(DX)
#define b2 64(DX)
#define b3 96(DX)
#define b4 128(DX)
#define b5 160(DX)
#define b6 192(DX)
#define b7 224(DX)
#define b8 256(DX)
#define b9 288(DX)

DATA nineteen<>+0(SB)/8, $19
GLOBL nineteen<>(SB), RODATA|NOPTR, $8
DATA thirtyeight<>+0(SB)/8, $38
GLOBL thirtyeight<>(SB), RODATA|NOPTR, $8
DATA mask26<>+0(SB)/8, $0x3ffffff
GLOBL mask26<>(SB), RODATA|NOPTR, $8
DATA mask25<>+0(SB)/8, $0x1ffffff
GLOBL mask25<>(SB), RODATA|NOPTR, $8

#define TERM(p, a, h) VPMULUDQ p, a, Y12; VPADDQ Y12, h, h

// ROW adds a limb's products with b0 to b9. The limb is in Y10, 19 times in Y13
// for the products that wrap around at 2^255, and twice each in Y11 and Y14: two
// limbs of odd places make a bit more than their places say.
#define ROW(x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9) \
	TERM(b0, x0, h0) \
	TERM(b1, x1, h1) \
	TERM(b2, x2, h2) \
	TERM(b3, x3, h3) \
	TERM(b4, x4, h4) \
	TERM(b5, x5, h5) \
	TERM(b6, x6, h6) \
	TERM(b7, x7, h7) \
	TERM(b8, x8, h8) \
	TERM(b9, x9, h9)

#define EVEN(a) VMOVDQU a, Y10; VPMULUDQ Y15, Y10, Y13
#define ODD(a) EVEN(a); VPADDQ Y10, Y10, Y11; VPADDQ Y13, Y13, Y14

#define CARRY(bits, mask, h, next) VPSRLQ bits, h, Y12; VPADDQ Y12, next, next; VPAND mask, h, h

// Two chains of carries side by side, then around the end, where 2^255 is 19.
#define REDUCE \
	VPBROADCASTQ mask26<>(SB), Y14 \
	VPBROADCASTQ mask25<>(SB), Y15 \
	CARRY($26, Y14, Y0, Y1) \
	CARRY($26, Y14, Y4, Y5) \
	CARRY($25, Y15, Y1, Y2) \
	CARRY($25, Y15, Y5, Y6) \
	CARRY($26, Y14, Y2, Y3) \
	CARRY($26, Y14, Y6, Y7) \
	CARRY($25, Y15, Y3, Y4) \
	CARRY($25, Y15, Y7, Y8) \
	CARRY($26, Y14, Y4, Y5) \
	CARRY($26, Y14, Y8, Y9) \
	VPSRLQ $25, Y9, Y12 \
	VPAND Y15, Y9, Y9 \
	VPADDQ Y12, Y0, Y0 \
	VPSLLQ $1, Y12, Y13 \
	VPADDQ Y13, Y0, Y0 \
	VPSLLQ $4, Y12, Y12 \
	VPADDQ Y12, Y0, Y0 \
	CARRY($26, Y14, Y0, Y1)

#define STORE \
	VMOVDQU Y0, 0(DI) \
	VMOVDQU Y1, 32(DI) \
	VMOVDQU Y2, 64(DI) \
	VMOVDQU Y3, 96(DI) \
	VMOVDQU Y4, 128(DI) \
	VMOVDQU Y5, 160(DI) \
	VMOVDQU Y6, 192(DI) \
	VMOVDQU Y7, 224(DI) \
	VMOVDQU Y8, 256(DI) \
	VMOVDQU Y9, 288(DI)

// In a square every product but those of a limb with itself comes twice. On the
// stack n5 to n9 are 38 times the odd and 19 times the even limbs, and d3, d5 and
// d7 are twice theirs; a limb and its double are in Y10 and Y11.

#define n5 0(SP)
#define n6 32(SP)
#define n7 64(SP)
#define n8 96(SP)
#define n9 128(SP)
#define d3 160(SP)
#define d5 192(SP)
#define d7 224(SP)

#define LIMB(a) VMOVDQU a, Y10; VPADDQ Y10, Y10, Y11

#define SCALE(p, by, n) VPMULUDQ p, by, Y12; VMOVDQU Y12, n

#define TWICE(a, d) VMOVDQU a, Y12; VPADDQ Y12, Y12, Y12; VMOVDQU Y12, d

// func multiply(out, a, b *Element)
TEXT ·multiply(SB), NOSPLIT, $0-24
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	VPBROADCASTQ nineteen<>(SB), Y15
	VMOVDQU a0, Y10
	VPMULUDQ b0, Y10, Y0
	VPMULUDQ b1, Y10, Y1
	VPMULUDQ b2, Y10, Y2
	VPMULUDQ b3, Y10, Y3
	VPMULUDQ b4, Y10, Y4
	VPMULUDQ b5, Y10, Y5
	VPMULUDQ b6, Y10, Y6
	VPMULUDQ b7, Y10, Y7
	VPMULUDQ b8, Y10, Y8
	VPMULUDQ b9, Y10, Y9
	ODD(a1)
	ROW(Y10, Y11, Y10, Y11, Y10, Y11, Y10, Y11, Y10, Y14, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y0)
	EVEN(a2)
	ROW(Y10, Y10, Y10, Y10, Y10, Y10, Y10, Y10, Y13, Y13, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y0, Y1)
	ODD(a3)
	ROW(Y10, Y11, Y10, Y11, Y10, Y11, Y10, Y14, Y13, Y14, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y0, Y1, Y2)
	EVEN(a4)
	ROW(Y10, Y10, Y10, Y10, Y10, Y10, Y13, Y13, Y13, Y13, Y4, Y5, Y6, Y7, Y8, Y9, Y0, Y1, Y2, Y3)
	ODD(a5)
	ROW(Y10, Y11, Y10, Y11, Y10, Y14, Y13, Y14, Y13, Y14, Y5, Y6, Y7, Y8, Y9, Y0, Y1, Y2, Y3, Y4)
	EVEN(a6)
	ROW(Y10, Y10, Y10, Y10, Y13, Y13, Y13, Y13, Y13, Y13, Y6, Y7, Y8, Y9, Y0, Y1, Y2, Y3, Y4, Y5)
	ODD(a7)
	ROW(Y10, Y11, Y10, Y14, Y13, Y14, Y13, Y14, Y13, Y14, Y7, Y8, Y9, Y0, Y1, Y2, Y3, Y4, Y5, Y6)
	EVEN(a8)
	ROW(Y10, Y10, Y13, Y13, Y13, Y13, Y13, Y13, Y13, Y13, Y8, Y9, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7)
	ODD(a9)
	ROW(Y10, Y14, Y13, Y14, Y13, Y14, Y13, Y14, Y13, Y14, Y9, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8)
	REDUCE
	STORE
	VZEROUPPER
	RET

// func square(out, a *Element)
TEXT ·square(SB), NOSPLIT, $256-16
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	VPBROADCASTQ nineteen<>(SB), Y10
	VPBROADCASTQ thirtyeight<>(SB), Y11
	SCALE(a5, Y11, n5)
	SCALE(a6, Y10, n6)
	SCALE(a7, Y11, n7)
	SCALE(a8, Y10, n8)
	SCALE(a9, Y11, n9)
	TWICE(a3, d3)
	TWICE(a5, d5)
	TWICE(a7, d7)
	LIMB(a0)
	VPMULUDQ Y10, Y10, Y0
	VPMULUDQ a1, Y11, Y1
	VPMULUDQ a2, Y11, Y2
	VPMULUDQ a3, Y11, Y3
	VPMULUDQ a4, Y11, Y4
	VPMULUDQ a5, Y11, Y5
	VPMULUDQ a6, Y11, Y6
	VPMULUDQ a7, Y11, Y7
	VPMULUDQ a8, Y11, Y8
	VPMULUDQ a9, Y11, Y9
	LIMB(a1)
	TERM(Y10, Y11, Y2)
	TERM(a2, Y11, Y3)
	TERM(d3, Y11, Y4)
	TERM(a4, Y11, Y5)
	TERM(d5, Y11, Y6)
	TERM(a6, Y11, Y7)
	TERM(d7, Y11, Y8)
	TERM(a8, Y11, Y9)
	TERM(n9, Y11, Y0)
	LIMB(a2)
	TERM(Y10, Y10, Y4)
	TERM(n9, Y10, Y1)
	TERM(a3, Y11, Y5)
	TERM(a4, Y11, Y6)
	TERM(a5, Y11, Y7)
	TERM(a6, Y11, Y8)
	TERM(a7, Y11, Y9)
	TERM(n8, Y11, Y0)
	LIMB(a3)
	TERM(Y10, Y11, Y6)
	TERM(a4, Y11, Y7)
	TERM(d5, Y11, Y8)
	TERM(a6, Y11, Y9)
	TERM(n7, Y11, Y0)
	TERM(n8, Y11, Y1)
	TERM(n9, Y11, Y2)
	LIMB(a4)
	TERM(Y10, Y10, Y8)
	TERM(n7, Y10, Y1)
	TERM(n9, Y10, Y3)
	TERM(a5, Y11, Y9)
	TERM(n6, Y11, Y0)
	TERM(n8, Y11, Y2)
	LIMB(a5)
	TERM(n5, Y10, Y0)
	TERM(n6, Y11, Y1)
	TERM(n7, Y11, Y2)
	TERM(n8, Y11, Y3)
	TERM(n9, Y11, Y4)
	LIMB(a6)
	TERM(n6, Y10, Y2)
	TERM(n7, Y10, Y3)
	TERM(n9, Y10, Y5)
	TERM(n8, Y11, Y4)
	LIMB(a7)
	TERM(n7, Y10, Y4)
	TERM(n8, Y11, Y5)
	TERM(n9, Y11, Y6)
	LIMB(a8)
	TERM(n8, Y10, Y6)
	TERM(n9, Y10, Y7)
	LIMB(a9)
	TERM(n9, Y10, Y8)
	REDUCE
	STORE
	VZEROUPPER
	RET
