using System.Text;
using Caisson.Emulation.Sysctl;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using CsCheck;

namespace Caisson.Emulation.Tests.Sysctl;

/// <summary>The kernel itself says what it takes: sysctls of fresh namespaces, which nobody else has, beside forms of ours.</summary>
public sealed class KernelComparisonTests
{
    static readonly Gen<string> Written = Gen.OneOf(
        Gen.Char["0123456789 -x\tAf\n\0\v+,"].Array[0, 12].Select(text => new string(text)),
        Gen.Select(Gen.Char[" \t\n"].Array[0, 2], Gen.Int, Gen.Char[" \n\tx\0"].Array[0, 2]).Select((before, number, after) => $"{new string(before)}{number}{new string(after)}"),
        Gen.Select(Gen.Int[-2, 300], Gen.Int[-2, 300], Gen.Int[-2, 300]).Select((a, b, c) => $"{a} {b}\t{c}\n"),
        Gen.Long.Select(number => $"{number}"),
        Gen.OneOf(Gen.Const("-0"), Gen.Const("255"), Gen.Const("256"), Gen.Const("2147483647"), Gen.Const("-2147483648"), Gen.Const("18446744073709551615")),
        Gen.ULong.Select(number => $"0x{number:x}"),
        Gen.Int[0, 30].Select(zeros => new string('0', zeros) + "7"));

    [Theory]
    [InlineData("net/ipv4/ip_default_ttl", 1, 255, 1, true)]
    [InlineData("net/unix/max_dgram_qlen", int.MinValue, int.MaxValue, 1, false)]
    [InlineData("net/ipv4/tcp_retries2", 0, 255, 1, true)]
    [InlineData("net/core/somaxconn", 0, int.MaxValue, 1, false)]
    [InlineData("kernel/msgmax", 0, int.MaxValue, 1, false)]
    [InlineData("kernel/shmmax", 0, ulong.MaxValue, 1, true)]
    [InlineData("net/ipv4/tcp_wmem", 1, int.MaxValue, 3, false)]
    public void Numbers_are_taken_or_refused_as_by_the_kernel(string name, long lowest, ulong highest, int count, bool isUnsigned) =>
        Compare(name, new IntegerForm(lowest, highest, count, isUnsigned), Written);

    [Fact]
    public void Texts_are_taken_as_by_the_kernel() => Compare(
        "kernel/domainname", new TextForm(64), Gen.OneOf(Gen.Char["ab\0\n -."].Array[0, 12], Gen.Char["x"].Array[60, 70]).Select(text => new string(text)));

    static void Compare(string name, IValueForm form, Gen<string> written)
    {
        InsideProcess.NeedsRoot("it makes namespaces");
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(() => CompareHere(name, form, written)));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    // On a thread of its own, which ends in its namespaces.
    static void CompareHere(string name, IValueForm form, Gen<string> written)
    {
        Namespace.Unshare(NamespaceKind.CLONE_NEWNET | NamespaceKind.CLONE_NEWIPC | NamespaceKind.CLONE_NEWUTS);
        string path = $"/proc/sys/{name}";
        Gen.Select(written, Gen.Frequency((9, Gen.Const(0)), (1, Gen.Int[1, 5]))).Sample((text, offset) =>
        {
            byte[] data = Encoding.Latin1.GetBytes(text);
            if (data.Length == 0)
            {
                return;
            }

            string old = FileText.Read(path).TrimEnd('\n');
            ContentBuffer value = new();
            Errno errno = form.Apply(Encoding.UTF8.GetBytes(old), offset, data, value, out bool isNew);
            string expected = isNew ? Encoding.UTF8.GetString(value.Bytes) : old;

            Assert.Equal((Show(text), offset, errno, expected), (Show(text), offset, Write(path, data, offset), FileText.Read(path).TrimEnd('\n')));
        }, iter: 2000, threads: 1);
    }

    static Errno Write(string path, byte[] data, long offset)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            RandomAccess.Write(file.SafeFileHandle, data, offset);
            return Errno.None;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return failure is UnauthorizedAccessException ? Errno.EPERM : Errno.EINVAL;
        }
    }

    static string Show(string text) => string.Concat(text.Select(one => one is < ' ' or > '~' ? $"\\x{(int)one:x2}" : $"{one}"));
}
