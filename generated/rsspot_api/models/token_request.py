from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import Literal, cast


T = TypeVar("T", bound="TokenRequest")


@_attrs_define
class TokenRequest:
    """The form that exchanges a refresh token for a bearer.

    Attributes:
        grant_type (Literal['refresh_token']): The only grant that clients use. Default: 'refresh_token'.
        client_id (str): Public identifier of the console's application, the same for everybody; it returns as the `aud`
            claim of the token. Default: 'mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa'.
        refresh_token (str): A secret from the console's API access page. It belongs to one organization and carries the
            full rights of its owner there.
    """

    refresh_token: str
    grant_type: Literal["refresh_token"] = "refresh_token"
    client_id: str = "mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        grant_type = self.grant_type

        client_id = self.client_id

        refresh_token = self.refresh_token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "grant_type": grant_type,
                "client_id": client_id,
                "refresh_token": refresh_token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        grant_type = cast(Literal["refresh_token"], d.pop("grant_type"))
        if grant_type != "refresh_token":
            raise ValueError(
                f"grant_type must match const 'refresh_token', got '{grant_type}'"
            )

        client_id = d.pop("client_id")

        refresh_token = d.pop("refresh_token")

        token_request = cls(
            grant_type=grant_type,
            client_id=client_id,
            refresh_token=refresh_token,
        )

        token_request.additional_properties = d
        return token_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
