using MudBlazor;

namespace Etl.Dashboard.Components.Layout;

/// <summary>The library's colours, as ours: every text on every ground has a contrast of 4.5 to 1 or more (WCAG 2.2 AA).</summary>
internal static class Themes
{
    public static MudTheme Etl { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f5fbf",
            Secondary = "#525c68",
            AppbarBackground = "#1f3f73",
            Background = "#ffffff",
            Surface = "#ffffff",
            TextPrimary = "#16202c",
            TextSecondary = "#4a5460",
            DrawerText = "#16202c",
            DrawerIcon = "#4a5460",
            ActionDefault = "#4a5460",
            LinesInputs = "#6b7683",
            Success = "#2e7d4f",
            Warning = "#8a5a00",
            Error = "#b3261e",
            Info = "#1f5fbf",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7fb0f5",
            PrimaryContrastText = "#0d1520",
            Secondary = "#b4becb",
            AppbarBackground = "#16202c",
            Background = "#12181f",
            Surface = "#1a222c",
            DrawerBackground = "#1a222c",
            TextPrimary = "#eef2f6",
            TextSecondary = "#b4becb",
            DrawerText = "#eef2f6",
            DrawerIcon = "#b4becb",
            ActionDefault = "#b4becb",
            LinesInputs = "#8a96a5",
            Success = "#63c28d",
            Warning = "#e0c050",
            Error = "#ff9a92",
            Info = "#7fb0f5",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["system-ui", "-apple-system", "Segoe UI", "DejaVu Sans", "sans-serif"] },
        },
    };
}
