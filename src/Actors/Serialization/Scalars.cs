using System.Globalization;
using Etl.Domain.Jobs;
using Google.Protobuf;

namespace Etl.Actors.Serialization;

/// <summary>
/// Single values to and from their stored form. What cannot be read throws <see cref="InvalidDataException"/>, which the serializer turns
/// into its own exception.
/// </summary>
internal static class Scalars
{
    private const string DateFormat = "yyyy-MM-dd";
    private const int GuidBytes = 16;

    public static ByteString ToStored(this JobId id) => ToStored(id.Value);

    public static ByteString ToStored(this RunId id) => ToStored(id.Value);

    public static JobId ToJobId(this ByteString stored) => new(ToGuid(stored));

    public static RunId ToRunId(this ByteString stored) => new(ToGuid(stored));

    // Ticks since 1970, which other languages can read; .NET's own count from the year 1.
    public static long ToStored(this DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    public static DateTimeOffset ToTime(bool present, long ticks) =>
        present ? new(checked(ticks + DateTimeOffset.UnixEpoch.UtcTicks), TimeSpan.Zero) : throw Missing("at");

    public static string ToStored(this DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static DateOnly ToDate(this string stored) =>
        DateOnly.TryParseExact(stored, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date : throw new InvalidDataException("a date is not one");

    public static string ToStored(this decimal number) => number.ToString(CultureInfo.InvariantCulture);

    public static decimal ToDecimal(this string stored) =>
        decimal.TryParse(stored, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : throw new InvalidDataException("a decimal number is not one");

    public static TEnum ToEnum<TEnum>(this int stored) where TEnum : struct, Enum
    {
        var value = (TEnum)Enum.ToObject(typeof(TEnum), stored);
        return Enum.IsDefined(value) ? value : throw new InvalidDataException($"{stored} is no {typeof(TEnum).Name}");
    }

    /// <summary>The part, which is always written: a message without it was cut short.</summary>
    public static T Required<T>(this T? part, string name) where T : class => part ?? throw Missing(name);

    /// <summary>The value, which is always written, be it 0 or empty: a message without it was cut short.</summary>
    public static T Required<T>(bool present, T value, string name) => present ? value : throw Missing(name);

    private static InvalidDataException Missing(string name) => new($"the field '{name}' is missing");

    private static ByteString ToStored(Guid id)
    {
        Span<byte> bytes = stackalloc byte[GuidBytes];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return ByteString.CopyFrom(bytes);
    }

    private static Guid ToGuid(ByteString stored) => stored.Length == GuidBytes
        ? new(stored.Span, bigEndian: true)
        : throw new InvalidDataException($"an identifier has {stored.Length} bytes instead of {GuidBytes}");
}
