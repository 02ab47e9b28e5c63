#include "textflag.h"

// Ten vectors of four 64-bit words are four elements in radix 2^25.5, limb by
// limb. Limbs are named a0 to a9 and b0 to b9; n0 to n9 are 19 times those of b,
// for what wraps around at 2^255, and lie on the stack. The sums h0 to h9 are in
// Y0 to Y9.

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

#define n1 0(SP)
#define n2 32(SP)
#define n3 64(SP)
#define n4 96(SP)
#define n5 128(SP)
#define n6 160(SP)
#define n7 192(SP)
#define n8 224(SP)
#define n9 256(SP)

DATA nineteen<>+0(SB)/8, $19
GLOBL nineteen<>(SB), RODATA|NOPTR, $8
DATA thirtyeight<>+0(SB)/8, $38
GLOBL thirtyeight<>(SB), RODATA|NOPTR, $8
DATA mask26<>+0(SB)/8, $0x3ffffff
GLOBL mask26<>(SB), RODATA|NOPTR, $8
DATA mask25<>+0(SB)/8, $0x1ffffff
GLOBL mask25<>(SB), RODATA|NOPTR, $8

#define TERM(p, a, h) VPMULUDQ p, a, Y12; VPADDQ Y12, h, h

#define SCALE(p, by, n) VPMULUDQ p, by, Y12; VMOVDQU Y12, n

#define ROW(e, o, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9) \
	TERM(p0, e, h0) \
	TERM(p1, o, h1) \
	TERM(p2, e, h2) \
	TERM(p3, o, h3) \
	TERM(p4, e, h4) \
	TERM(p5, o, h5) \
	TERM(p6, e, h6) \
	TERM(p7, o, h7) \
	TERM(p8, e, h8) \
	TERM(p9, o, h9)

// A limb of an odd place counts twice with another of an odd place: their
// halves of a bit make one.
#define EVEN(a) VMOVDQU a, Y10
#define ODD(a) VMOVDQU a, Y10; VPADDQ Y10, Y10, Y11

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

// func multiply(out, a, b *Element)
TEXT ·multiply(SB), NOSPLIT, $288-24
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	VPBROADCASTQ nineteen<>(SB), Y11
	SCALE(b1, Y11, n1)
	SCALE(b2, Y11, n2)
	SCALE(b3, Y11, n3)
	SCALE(b4, Y11, n4)
	SCALE(b5, Y11, n5)
	SCALE(b6, Y11, n6)
	SCALE(b7, Y11, n7)
	SCALE(b8, Y11, n8)
	SCALE(b9, Y11, n9)
	EVEN(a0)
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
	ROW(Y10, Y11, b0, b1, b2, b3, b4, b5, b6, b7, b8, n9, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y0)
	EVEN(a2)
	ROW(Y10, Y10, b0, b1, b2, b3, b4, b5, b6, b7, n8, n9, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y0, Y1)
	ODD(a3)
	ROW(Y10, Y11, b0, b1, b2, b3, b4, b5, b6, n7, n8, n9, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y0, Y1, Y2)
	EVEN(a4)
	ROW(Y10, Y10, b0, b1, b2, b3, b4, b5, n6, n7, n8, n9, Y4, Y5, Y6, Y7, Y8, Y9, Y0, Y1, Y2, Y3)
	ODD(a5)
	ROW(Y10, Y11, b0, b1, b2, b3, b4, n5, n6, n7, n8, n9, Y5, Y6, Y7, Y8, Y9, Y0, Y1, Y2, Y3, Y4)
	EVEN(a6)
	ROW(Y10, Y10, b0, b1, b2, b3, n4, n5, n6, n7, n8, n9, Y6, Y7, Y8, Y9, Y0, Y1, Y2, Y3, Y4, Y5)
	ODD(a7)
	ROW(Y10, Y11, b0, b1, b2, n3, n4, n5, n6, n7, n8, n9, Y7, Y8, Y9, Y0, Y1, Y2, Y3, Y4, Y5, Y6)
	EVEN(a8)
	ROW(Y10, Y10, b0, b1, n2, n3, n4, n5, n6, n7, n8, n9, Y8, Y9, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7)
	ODD(a9)
	ROW(Y10, Y11, b0, n1, n2, n3, n4, n5, n6, n7, n8, n9, Y9, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8)
	REDUCE
	STORE
	VZEROUPPER
	RET

// In a square every product but those of a limb with itself comes twice. Here
// n5 to n9 are 38 times the odd and 19 times the even limbs, and d3, d5 and d7
// are twice theirs.

#define d3 0(SP)
#define d5 32(SP)
#define d7 64(SP)

#define TWICE(a, d) VMOVDQU a, Y12; VPADDQ Y12, Y12, Y12; VMOVDQU Y12, d

// func square(out, a *Element)
TEXT ·square(SB), NOSPLIT, $288-16
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
	ODD(a0)
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
	ODD(a1)
	TERM(Y10, Y11, Y2)
	TERM(a2, Y11, Y3)
	TERM(d3, Y11, Y4)
	TERM(a4, Y11, Y5)
	TERM(d5, Y11, Y6)
	TERM(a6, Y11, Y7)
	TERM(d7, Y11, Y8)
	TERM(a8, Y11, Y9)
	TERM(n9, Y11, Y0)
	ODD(a2)
	TERM(Y10, Y10, Y4)
	TERM(n9, Y10, Y1)
	TERM(a3, Y11, Y5)
	TERM(a4, Y11, Y6)
	TERM(a5, Y11, Y7)
	TERM(a6, Y11, Y8)
	TERM(a7, Y11, Y9)
	TERM(n8, Y11, Y0)
	ODD(a3)
	TERM(Y10, Y11, Y6)
	TERM(a4, Y11, Y7)
	TERM(d5, Y11, Y8)
	TERM(a6, Y11, Y9)
	TERM(n7, Y11, Y0)
	TERM(n8, Y11, Y1)
	TERM(n9, Y11, Y2)
	ODD(a4)
	TERM(Y10, Y10, Y8)
	TERM(n7, Y10, Y1)
	TERM(n9, Y10, Y3)
	TERM(a5, Y11, Y9)
	TERM(n6, Y11, Y0)
	TERM(n8, Y11, Y2)
	ODD(a5)
	TERM(n5, Y10, Y0)
	TERM(n6, Y11, Y1)
	TERM(n7, Y11, Y2)
	TERM(n8, Y11, Y3)
	TERM(n9, Y11, Y4)
	ODD(a6)
	TERM(n6, Y10, Y2)
	TERM(n7, Y10, Y3)
	TERM(n9, Y10, Y5)
	TERM(n8, Y11, Y4)
	ODD(a7)
	TERM(n7, Y10, Y4)
	TERM(n8, Y11, Y5)
	TERM(n9, Y11, Y6)
	EVEN(a8)
	TERM(n8, Y10, Y6)
	TERM(n9, Y10, Y7)
	EVEN(a9)
	TERM(n9, Y10, Y8)
	REDUCE
	STORE
	VZEROUPPER
	RET
