using System.Reflection;
using System.Runtime.InteropServices;
using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Tests.Spawning;

/// <summary>The memory of a compiled program as its child would see it, read by the names of the internal structs' fields.</summary>
sealed unsafe class ProgramMemory
{
    const BindingFlags Instance = BindingFlags.Instance | BindingFlags.NonPublic;

    static readonly Type Header = typeof(CompiledProgram).Assembly.GetType("Caisson.Kernel.Spawning.InitHeader", throwOnError: true)!;
    static readonly Type Operation = typeof(CompiledProgram).Assembly.GetType("Caisson.Kernel.Spawning.InitOperation", throwOnError: true)!;

    readonly byte* _header;

    public ProgramMemory(CompiledProgram program)
    {
        _header = (byte*)Pointer.Unbox(typeof(CompiledProgram).GetField("_header", Instance)!.GetValue(program)!);
        Size = (long)(nuint)typeof(CompiledProgram).GetField("_size", Instance)!.GetValue(program)!;
    }

    public long Size { get; }

    public long Start => (long)_header;

    public int HeaderInt(string field) => *(int*)(_header + (int)Marshal.OffsetOf(Header, field));

    public int Int(int step, string field) => *(int*)At(step, field);

    public long Argument(int step, int number) => ((long*)At(step, "Arguments"))[number];

    public nint Word(int step, string field) => *(nint*)At(step, field);

    /// <summary>Where the operations end and what they point to begins.</summary>
    public long AfterOperations => Start + Marshal.SizeOf(Header) + ((long)HeaderInt("Count") * Marshal.SizeOf(Operation));

    public static string TextAt(long address) => Marshal.PtrToStringUTF8((nint)address)!;

    public static byte[] BytesAt(long address, int length) => new Span<byte>((void*)address, length).ToArray();

    public static long WordAt(long address) => *(long*)address;

    byte* At(int step, string field)
    {
        byte* operations = *(byte**)(_header + (int)Marshal.OffsetOf(Header, "Operations"));
        return operations + (step * Marshal.SizeOf(Operation)) + (int)Marshal.OffsetOf(Operation, field);
    }
}
