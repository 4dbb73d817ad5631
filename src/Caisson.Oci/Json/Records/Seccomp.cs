namespace Caisson.Oci;

public sealed partial record LinuxSeccomp : IReadable<LinuxSeccomp>
{
    public LinuxSeccomp() { }

    LinuxSeccomp(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "defaultAction": DefaultAction = json.Text(); break;
                case "defaultErrnoRet": DefaultErrnoRet = json.UInt32OrNull(); break;
                case "architectures": Architectures = json.Texts(); break;
                case "flags": Flags = json.Texts(); break;
                case "listenerPath": ListenerPath = json.TextOrNull(); break;
                case "listenerMetadata": ListenerMetadata = json.TextOrNull(); break;
                case "syscalls": Syscalls = json.List<LinuxSyscall>(); break;
            }
        }
    }

    static LinuxSeccomp IReadable<LinuxSeccomp>.Read(ref OciReader json) => new(ref json);
}

public sealed partial record LinuxSyscall : IReadable<LinuxSyscall>
{
    public LinuxSyscall() { }

    LinuxSyscall(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "names": Names = json.Texts(); break;
                case "action": Action = json.Text(); break;
                case "errnoRet": ErrnoRet = json.UInt32OrNull(); break;
                case "args": Args = json.List<LinuxSeccompArg>(); break;
            }
        }
    }

    static LinuxSyscall IReadable<LinuxSyscall>.Read(ref OciReader json) => new(ref json);
}

public sealed partial record LinuxSeccompArg : IReadable<LinuxSeccompArg>
{
    public LinuxSeccompArg() { }

    LinuxSeccompArg(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "index": Index = json.UInt32(); break;
                case "value": Value = json.UInt64(); break;
                case "valueTwo": ValueTwo = json.UInt64(); break;
                case "op": Op = json.Text(); break;
            }
        }
    }

    static LinuxSeccompArg IReadable<LinuxSeccompArg>.Read(ref OciReader json) => new(ref json);
}
