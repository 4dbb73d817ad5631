using System.Text;

namespace Caisson.Kernel.Devices;

/// <summary>
/// A BPF program in the making: the few instructions that a device filter takes, with forward jumps by label.
/// Pure; <see cref="Bpf"/> loads it.
/// </summary>
public sealed class BpfProgram
{
    const byte BPF_LDX_MEM_W = 0x61;
    const byte BPF_ALU_AND_K = 0x54;
    const byte BPF_ALU_RSH_K = 0x74;
    const byte BPF_ALU_MOV_K = 0xb4;
    const byte BPF_ALU_MOV_X = 0xbc;
    const byte BPF_JMP_JEQ_K = 0x15;
    const byte BPF_JMP_JNE_K = 0x55;
    const byte BPF_JMP_EXIT = 0x95;

    readonly List<bpf_insn> _instructions = [];
    readonly List<string> _text = [];
    readonly List<int> _openJumps = [];

    public IReadOnlyList<bpf_insn> Instructions => _instructions;

    /// <summary>target = the 32-bit word of the context at this offset.</summary>
    public void Load(int target, int offset) =>
        Add(BPF_LDX_MEM_W, target, 1, (short)offset, 0, $"w{target} = *(u32 *)(r1 + {offset})");

    public void And(int target, int mask) => Add(BPF_ALU_AND_K, target, 0, 0, mask, $"w{target} &= 0x{mask:x}");

    public void ShiftRight(int target, int bits) => Add(BPF_ALU_RSH_K, target, 0, 0, bits, $"w{target} >>= {bits}");

    public void Set(int target, int value) => Add(BPF_ALU_MOV_K, target, 0, 0, value, $"w{target} = {value}");

    public void Copy(int target, int source) => Add(BPF_ALU_MOV_X, target, source, 0, 0, $"w{target} = w{source}");

    /// <summary>Goes to the next <see cref="Label"/> unless register and value are equal.</summary>
    public void SkipUnlessEqual(int register, int value) => AddJump(BPF_JMP_JNE_K, register, value, "!=");

    /// <summary>Goes to the next <see cref="Label"/> when register and value are equal.</summary>
    public void SkipIfEqual(int register, int value) => AddJump(BPF_JMP_JEQ_K, register, value, "==");

    public void Return(int value)
    {
        Set(0, value);
        Add(BPF_JMP_EXIT, 0, 0, 0, 0, "exit");
    }

    /// <summary>Where all jumps since the last label go to.</summary>
    public void Label()
    {
        foreach (int at in _openJumps)
        {
            // An offset counts from the instruction after the jump.
            _instructions[at] = _instructions[at] with { off = (short)(_instructions.Count - at - 1) };
            _text[at] += _instructions.Count.ToString();
        }

        _openJumps.Clear();
    }

    /// <summary>One instruction a line, with its number.</summary>
    public string Render()
    {
        StringBuilder text = new();
        for (int i = 0; i < _text.Count; i++)
        {
            text.Append($"{i,3}: {_text[i]}\n");
        }

        return text.ToString();
    }

    void AddJump(byte code, int register, int value, string comparison)
    {
        _openJumps.Add(_instructions.Count);
        Add(code, register, 0, 0, value, $"if r{register} {comparison} {value} goto ");
    }

    void Add(byte code, int target, int source, short offset, int immediate, string text)
    {
        _instructions.Add(new bpf_insn { code = code, regs = (byte)(target | (source << 4)), off = offset, imm = immediate });
        _text.Add(text);
    }
}
