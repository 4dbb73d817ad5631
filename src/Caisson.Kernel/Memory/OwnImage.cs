using System.Runtime.InteropServices;

namespace Caisson.Kernel.Memory;

/// <summary>The pages of our own program that are mapped: the kernel maps sixteen around each that is needed.</summary>
public static unsafe partial class OwnImage
{
    const nuint AT_PHDR = 3;
    const nuint AT_PHNUM = 5;
    const uint PT_LOAD = 1;
    const uint PF_W = 2;
    const int MADV_DONTNEED = 4;
    const nuint PageSize = 4096;

    /// <summary>
    /// Gives back the pages of code and constants: what has done its work is not mapped again. The program lies where its headers say, as
    /// it is no position-independent one; what can be written is left alone.
    /// </summary>
    public static void GiveBack()
    {
        Elf64_Phdr* headers = (Elf64_Phdr*)getauxval(AT_PHDR);
        nuint count = headers is null ? 0 : getauxval(AT_PHNUM);
        for (nuint i = 0; i < count; i++)
        {
            if (headers[i].p_type == PT_LOAD && (headers[i].p_flags & PF_W) == 0)
            {
                nuint start = (nuint)headers[i].p_vaddr & ~(PageSize - 1);
                // Advice: a failure changes nothing.
                _ = madvise((void*)start, (nuint)(headers[i].p_vaddr + headers[i].p_memsz) - start, MADV_DONTNEED);
            }
        }
    }

    /// <summary>Elf64_Phdr of elf.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Elf64_Phdr
    {
        public uint p_type;
        public uint p_flags;
        public ulong p_offset;
        public ulong p_vaddr;
        public ulong p_paddr;
        public ulong p_filesz;
        public ulong p_memsz;
        public ulong p_align;
    }

    [LibraryImport("libc")]
    private static partial nuint getauxval(nuint type);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint size, int advice);
}
