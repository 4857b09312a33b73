using System.Collections.Immutable;
using Akka.Configuration;
using Etl.Actors.Extract.Fetching;
using Etl.Actors.Hosting;

namespace Etl.Host.Commands;

/// <summary>A source that is named without an input is asked at its publisher's.</summary>
internal static class LiveInput
{
    /// <summary>The source whose own address gives a series of years, forecasts among them, without a date.</summary>
    public const string Dateless = "imf";

    /// <summary>The source's address; none when it has none.</summary>
    public static string[] Of(OptionReader read, string source, ImmutableArray<string> configFiles, ImmutableArray<KeyValuePair<string, string>> settings)
    {
        if (!FetchSettings.LiveSources.Contains(source)) return [];
        try
        {
            return [FetchSettings.UrlOf(source, EtlConfig.Compose(configFiles, settings, ""))];
        }
        catch (ConfigurationException wrong)
        {
            read.Fail(wrong.Message);
            return [];
        }
    }
}
