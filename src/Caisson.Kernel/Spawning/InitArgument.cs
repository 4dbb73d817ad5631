using System.Text;

namespace Caisson.Kernel.Spawning;

/// <summary>One argument of a call in an init program: a number, memory that the program carries, or an earlier result.</summary>
public readonly record struct InitArgument
{
    readonly string? _text;

    InitArgument(nint number, byte[]? memory, string[]? strings, int resultOf, string? text, bool pointsBehindItself = false)
    {
        PointsBehindItself = pointsBehindItself;
        Number = number;
        Memory = memory;
        Strings = strings;
        ResultOf = resultOf;
        _text = text;
    }

    public nint Number { get; }

    /// <summary>Copied into the program; the call gets its address.</summary>
    public byte[]? Memory { get; }

    /// <summary>Copied into the program as a NULL-terminated array of strings, as execve(2) takes it.</summary>
    public string[]? Strings { get; }

    /// <summary>The index of an earlier step whose result is the argument; -1 otherwise.</summary>
    public int ResultOf { get; }

    /// <summary>The memory is a struct sock_fprog whose pointer, its second word, is set to what follows it.</summary>
    public bool PointsBehindItself { get; }

    public static implicit operator InitArgument(nint number) => new(number, null, null, -1, null);

    public static implicit operator InitArgument(int number) => new(number, null, null, -1, null);

    public static implicit operator InitArgument(uint number) => new((nint)number, null, null, -1, null);

    /// <summary>A NUL-terminated string.</summary>
    public static implicit operator InitArgument(string text) =>
        new(0, Encoding.UTF8.GetBytes(text + '\0'), null, -1, $"\"{text}\"");

    public static InitArgument Bytes(byte[] memory, string text) => new(0, memory, null, -1, text);

    public static InitArgument Array(IReadOnlyList<string> strings, string text) => new(0, null, [.. strings], -1, text);

    /// <summary>A BPF program for seccomp(2): struct sock_fprog {u16 length; pointer}, then its instructions.</summary>
    public static InitArgument Filter(byte[] instructions)
    {
        byte[] memory = new byte[16 + instructions.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(memory, (ushort)(instructions.Length / 8));
        instructions.CopyTo(memory, 16);
        return new InitArgument(0, memory, null, -1, $"{instructions.Length / 8} instructions", pointsBehindItself: true);
    }

    /// <summary>A flag or id shown by name in the printed program.</summary>
    public static InitArgument Named(nint number, string text) => new(number, null, null, -1, text);

    public static InitArgument Result(int step, string text) => new(0, null, null, step, text);

    public override string ToString() => _text ?? Number.ToString();
}
