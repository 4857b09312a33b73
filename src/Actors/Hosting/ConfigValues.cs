using Akka.Configuration;

namespace Etl.Actors.Hosting;

/// <summary>Reads values of a configuration; a failure names the key, what stands there, and what should.</summary>
internal static class ConfigValues
{
    /// <summary>A whole number between two others.</summary>
    public static int Int(Config config, string key, int from, int to)
    {
        int value;
        try
        {
            value = config.HasPath(key) ? config.GetInt(key) : throw new ConfigurationException($"{key} is missing");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException or ArgumentException)
        {
            throw new ConfigurationException($"{key} = {config.GetString(key)} is not a whole number", malformed);
        }

        return value >= from && value <= to ? value : throw new ConfigurationException($"{key} = {value} is not between {from} and {to}");
    }

    /// <summary>A time that is not below <paramref name="from"/>.</summary>
    public static TimeSpan Time(Config config, string key, TimeSpan from)
    {
        TimeSpan value;
        try
        {
            value = config.HasPath(key) ? config.GetTimeSpan(key) : throw new ConfigurationException($"{key} is missing");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException or ArgumentException)
        {
            throw new ConfigurationException($"{key} = {config.GetString(key)} is not a time such as 200ms, 5s or 1m", malformed);
        }

        return value >= from ? value : throw new ConfigurationException($"{key} = {value} is below {from}");
    }

    /// <summary>A number of bytes between two others.</summary>
    public static long Bytes(Config config, string key, long from, long to)
    {
        long? value;
        try
        {
            value = config.HasPath(key) ? config.GetByteSize(key, null) : throw new ConfigurationException($"{key} is missing");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException or ArgumentException)
        {
            throw NoSize(malformed);
        }

        if (value is not { } bytes) throw NoSize(null);
        return bytes >= from && bytes <= to ? bytes
            : throw new ConfigurationException($"{key} = {config.GetString(key)} is not between {from} and {to} bytes");

        ConfigurationException NoSize(Exception? cause) =>
            new($"{key} = {config.GetString(key)} is not a size such as 512KiB, 8MiB or 2GiB", cause);
    }

    /// <summary>On or off.</summary>
    public static bool Bool(Config config, string key)
    {
        try
        {
            return config.HasPath(key) ? config.GetBoolean(key) : throw new ConfigurationException($"{key} is missing");
        }
        catch (Exception malformed) when (malformed is FormatException or NotSupportedException)
        {
            throw new ConfigurationException($"{key} = {config.GetString(key)} is neither on nor off", malformed);
        }
    }
}
