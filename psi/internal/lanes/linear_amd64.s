#include "textflag.h"

DATA maskEven<>+0(SB)/8, $0x3ffffff
GLOBL maskEven<>(SB), RODATA|NOPTR, $8
DATA maskOdd<>+0(SB)/8, $0x1ffffff
GLOBL maskOdd<>(SB), RODATA|NOPTR, $8
DATA nineteen<>+0(SB)/8, $19
GLOBL nineteen<>(SB), RODATA|NOPTR, $8

// Four times the modulus, limb by limb: the first, the even and the odd ones.
DATA fourPfirst<>+0(SB)/8, $0xfffffb4
GLOBL fourPfirst<>(SB), RODATA|NOPTR, $8
DATA fourPeven<>+0(SB)/8, $0xffffffc
GLOBL fourPeven<>(SB), RODATA|NOPTR, $8
DATA fourPodd<>+0(SB)/8, $0x7fffffc
GLOBL fourPodd<>(SB), RODATA|NOPTR, $8

#define ADD(at) VMOVDQU at(SI), Y0; VPADDQ at(DX), Y0, Y0; VMOVDQU Y0, at(DI)

// func add(out, a, b *Element)
TEXT ·add(SB), NOSPLIT, $0-24
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	ADD(0)
	ADD(32)
	ADD(64)
	ADD(96)
	ADD(128)
	ADD(160)
	ADD(192)
	ADD(224)
	ADD(256)
	ADD(288)
	VZEROUPPER
	RET

#define SUBTRACT(at, from, h) VPADDQ at(SI), from, h; VPSUBQ at(DX), h, h

#define CARRY(bits, mask, h, next) VPSRLQ bits, h, Y12; VPAND mask, h, h; VPADDQ Y12, next, next

// func subtract(out, a, b *Element)
TEXT ·subtract(SB), NOSPLIT, $0-24
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	VPBROADCASTQ fourPfirst<>(SB), Y13
	VPBROADCASTQ fourPeven<>(SB), Y14
	VPBROADCASTQ fourPodd<>(SB), Y15
	SUBTRACT(0, Y13, Y0)
	SUBTRACT(32, Y15, Y1)
	SUBTRACT(64, Y14, Y2)
	SUBTRACT(96, Y15, Y3)
	SUBTRACT(128, Y14, Y4)
	SUBTRACT(160, Y15, Y5)
	SUBTRACT(192, Y14, Y6)
	SUBTRACT(224, Y15, Y7)
	SUBTRACT(256, Y14, Y8)
	SUBTRACT(288, Y15, Y9)
	VPBROADCASTQ maskEven<>(SB), Y14
	VPBROADCASTQ maskOdd<>(SB), Y15
	VPBROADCASTQ nineteen<>(SB), Y13
	VPSRLQ $25, Y9, Y11
	VPAND Y15, Y9, Y9
	VPMULUDQ Y13, Y11, Y11
	CARRY($26, Y14, Y8, Y9)
	CARRY($25, Y15, Y7, Y8)
	CARRY($26, Y14, Y6, Y7)
	CARRY($25, Y15, Y5, Y6)
	CARRY($26, Y14, Y4, Y5)
	CARRY($25, Y15, Y3, Y4)
	CARRY($26, Y14, Y2, Y3)
	CARRY($25, Y15, Y1, Y2)
	CARRY($26, Y14, Y0, Y1)
	VPADDQ Y11, Y0, Y0
	VMOVDQU Y0, 0(DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VMOVDQU Y4, 128(DI)
	VMOVDQU Y5, 160(DI)
	VMOVDQU Y6, 192(DI)
	VMOVDQU Y7, 224(DI)
	VMOVDQU Y8, 256(DI)
	VMOVDQU Y9, 288(DI)
	VZEROUPPER
	RET

#define CHOOSE(at) VMOVDQU at(DX), Y0; VPXOR at(SI), Y0, Y1; VPAND Y15, Y1, Y1; VPXOR Y1, Y0, Y0; VMOVDQU Y0, at(DI)

// func choose(out, a, b *Element, mask *Mask)
TEXT ·choose(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ mask+24(FP), CX
	VMOVDQU 0(CX), Y15
	CHOOSE(0)
	CHOOSE(32)
	CHOOSE(64)
	CHOOSE(96)
	CHOOSE(128)
	CHOOSE(160)
	CHOOSE(192)
	CHOOSE(224)
	CHOOSE(256)
	CHOOSE(288)
	VZEROUPPER
	RET

DATA increment<>+0(SB)/8, $1
GLOBL increment<>(SB), RODATA|NOPTR, $8

#define IS(next) VPADDQ Y12, Y13, Y13; VPCMPEQQ Y13, Y14, next

#define TAKE(mask) VPAND 0(SI), mask, Y11; VPOR Y11, Y10, Y10; ADDQ R9, SI

// func pick(out, table *Element, number *Mask, elements int)
TEXT ·pick(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ table+8(FP), DX
	MOVQ number+16(FP), CX
	MOVQ elements+24(FP), R8
	VPBROADCASTQ increment<>(SB), Y12
	VPXOR Y13, Y13, Y13
	VMOVDQU 0(CX), Y14
	VPCMPEQQ Y13, Y14, Y0
	IS(Y1)
	IS(Y2)
	IS(Y3)
	IS(Y4)
	IS(Y5)
	IS(Y6)
	IS(Y7)
	IS(Y8)
	IMUL3Q $320, R8, R9 // from an entry to the next
	IMUL3Q $10, R8, R8  // limbs
limb:
	MOVQ DX, SI
	VPAND 0(SI), Y0, Y10
	ADDQ R9, SI
	TAKE(Y1)
	TAKE(Y2)
	TAKE(Y3)
	TAKE(Y4)
	TAKE(Y5)
	TAKE(Y6)
	TAKE(Y7)
	TAKE(Y8)
	VMOVDQU Y10, 0(DI)
	ADDQ $32, DI
	ADDQ $32, DX
	DECQ R8
	JNZ limb
	VZEROUPPER
	RET
