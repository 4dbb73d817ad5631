namespace Caisson.Oci;

public sealed partial record LinuxBlockIo : IReadable<LinuxBlockIo>, IWritable
{
    public LinuxBlockIo() { }

    LinuxBlockIo(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "weight": Weight = json.UInt16OrNull(); break;
                case "leafWeight": LeafWeight = json.UInt16OrNull(); break;
                case "weightDevice": WeightDevice = json.List<LinuxWeightDevice>(); break;
                case "throttleReadBpsDevice": ThrottleReadBpsDevice = json.List<LinuxThrottleDevice>(); break;
                case "throttleWriteBpsDevice": ThrottleWriteBpsDevice = json.List<LinuxThrottleDevice>(); break;
                case "throttleReadIOPSDevice": ThrottleReadIopsDevice = json.List<LinuxThrottleDevice>(); break;
                case "throttleWriteIOPSDevice": ThrottleWriteIopsDevice = json.List<LinuxThrottleDevice>(); break;
            }
        }
    }

    static LinuxBlockIo IReadable<LinuxBlockIo>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("weight"u8, Weight);
        json.Number("leafWeight"u8, LeafWeight);
        json.List("weightDevice"u8, WeightDevice);
        json.List("throttleReadBpsDevice"u8, ThrottleReadBpsDevice);
        json.List("throttleWriteBpsDevice"u8, ThrottleWriteBpsDevice);
        json.List("throttleReadIOPSDevice"u8, ThrottleReadIopsDevice);
        json.List("throttleWriteIOPSDevice"u8, ThrottleWriteIopsDevice);
    }
}

public sealed partial record LinuxWeightDevice : IReadable<LinuxWeightDevice>, IWritable
{
    public LinuxWeightDevice() { }

    LinuxWeightDevice(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "major": Major = json.Int64(); break;
                case "minor": Minor = json.Int64(); break;
                case "weight": Weight = json.UInt16OrNull(); break;
                case "leafWeight": LeafWeight = json.UInt16OrNull(); break;
            }
        }
    }

    static LinuxWeightDevice IReadable<LinuxWeightDevice>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("major"u8, Major);
        json.Number("minor"u8, Minor);
        json.Number("weight"u8, Weight);
        json.Number("leafWeight"u8, LeafWeight);
    }
}

public sealed partial record LinuxThrottleDevice : IReadable<LinuxThrottleDevice>, IWritable
{
    LinuxThrottleDevice(ref OciReader json) : this(0, 0, 0)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "major": Major = json.Int64(); break;
                case "minor": Minor = json.Int64(); break;
                case "rate": Rate = json.UInt64(); break;
            }
        }
    }

    static LinuxThrottleDevice IReadable<LinuxThrottleDevice>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("major"u8, Major);
        json.Number("minor"u8, Minor);
        json.Number("rate"u8, Rate);
    }
}
