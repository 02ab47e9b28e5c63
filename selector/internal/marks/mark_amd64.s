//go:build !purego

#include "textflag.h"

// What bytes are compared with, each 32 times. The ranges are shifted so that one
// signed comparison tells them: x-'0'-128 < 10-128.
#define BYTES(name, value) DATA name<>+0(SB)/8, $value; GLOBL name<>(SB), RODATA|NOPTR, $8

BYTES(lower, 0x2020202020202020)
BYTES(one, 0x0101010101010101)
BYTES(two, 0x0202020202020202)
BYTES(digitShift, 0x5050505050505050)
BYTES(digitEnd, 0x8a8a8a8a8a8a8a8a)
BYTES(letterShift, 0x1f1f1f1f1f1f1f1f)
BYTES(letterEnd, 0x9a9a9a9a9a9a9a9a)
BYTES(under, 0x5f5f5f5f5f5f5f5f)
BYTES(hyphen, 0x2d2d2d2d2d2d2d2d)
BYTES(dot, 0x2e2e2e2e2e2e2e2e)
BYTES(slash, 0x2f2f2f2f2f2f2f2f)
BYTES(close, 0x2929292929292929)
BYTES(open, 0x2828282828282828)
BYTES(square, 0x7b7b7b7b7b7b7b7b)
BYTES(squareEnd, 0x7d7d7d7d7d7d7d7d)
BYTES(at, 0x4040404040404040)
BYTES(colon, 0x3a3a3a3a3a3a3a3a)
BYTES(arabic, 0xdbdbdbdbdbdbdbdb)
BYTES(devanagari, 0xe0e0e0e0e0e0e0e0)
BYTES(wide, 0xefefefefefefefef)

// EQ compares the bytes in from with a constant.
#define EQ(name, from, to) VPBROADCASTQ name<>(SB), to; VPCMPEQB from, to, to

// OUT stores 32 bits of a class: those of the first half at field(DI), of the
// second 4 bytes behind.
#define OUT(mask, field) VPMOVMSKB mask, AX; MOVL AX, field(DI)

// HALF marks the 32 bytes at from(SI); half is 0 or 4. Y0 are the bytes, Y1 the
// same with letters in lower case.
#define HALF(from, half) \
	VMOVDQU from(SI), Y0 \
	VPOR Y15, Y0, Y1 \
	VPADDB Y14, Y0, Y2 \
	VPCMPGTB Y2, Y13, Y2 \
	OUT(Y2, (0+half)) \
	VPADDB Y12, Y1, Y3 \
	VPCMPGTB Y3, Y11, Y3 \
	VPOR Y2, Y3, Y3 \
	EQ(under, Y0, Y4) \
	VPOR Y4, Y3, Y3 \
	OUT(Y3, (8+half)) \
	EQ(hyphen, Y0, Y4) \
	VPOR Y4, Y3, Y3 \
	OUT(Y3, (16+half)) \
	VPOR Y10, Y0, Y2 \
	EQ(slash, Y2, Y3) \
	VPOR Y4, Y3, Y3 \
	EQ(close, Y2, Y5) \
	VPOR Y5, Y3, Y3 \
	EQ(dot, Y0, Y4) \
	OUT(Y4, (32+half)) \
	VPCMPEQB Y15, Y0, Y5 \
	OUT(Y5, (40+half)) \
	VPOR Y5, Y3, Y3 \
	OUT(Y3, (24+half)) \
	EQ(square, Y1, Y2) \
	EQ(squareEnd, Y1, Y3) \
	VPOR Y2, Y3, Y3 \
	VPOR Y0, Y3, Y3 \
	OUT(Y3, (48+half)) \
	EQ(open, Y0, Y3) \
	VPOR Y2, Y3, Y3 \
	EQ(at, Y0, Y4) \
	VPOR Y4, Y3, Y3 \
	EQ(colon, Y0, Y4) \
	VPOR Y4, Y3, Y3 \
	VPOR Y9, Y0, Y5 \
	EQ(arabic, Y5, Y4) \
	VPOR Y4, Y3, Y3 \
	EQ(devanagari, Y0, Y4) \
	VPOR Y4, Y3, Y3 \
	EQ(wide, Y0, Y4) \
	VPOR Y4, Y3, Y3 \
	OUT(Y3, (56+half))

// func mark(blocks *Block, text *byte, count int)
TEXT ·mark(SB), NOSPLIT, $0-24
	MOVQ blocks+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ count+16(FP), CX
	VPBROADCASTQ lower<>(SB), Y15
	VPBROADCASTQ digitShift<>(SB), Y14
	VPBROADCASTQ digitEnd<>(SB), Y13
	VPBROADCASTQ letterShift<>(SB), Y12
	VPBROADCASTQ letterEnd<>(SB), Y11
	VPBROADCASTQ one<>(SB), Y10
	VPBROADCASTQ two<>(SB), Y9

next:
	HALF(0, 0)
	HALF(32, 4)
	ADDQ $64, SI
	ADDQ $64, DI
	DECQ CX
	JNZ next
	VZEROUPPER
	RET
